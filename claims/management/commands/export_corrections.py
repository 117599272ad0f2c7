"""`export_corrections`: what editors decided about claims, as the rows that an extractor learns from."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand

from claims.formats.annotations import citron_row, corpus_row
from claims.services.decisions import decided_articles

FORMATS = {"corpus": corpus_row, "citron": citron_row}
EPILOG = """\
One JSON row an article on stdout; offsets are code points of the row's text, end exclusive.

corpus  {"id", "publisher", "published", "author", "title", "url", "text", "complete",
        "attributions": [{"source", "cue", "content", "claim", "decision", "corrected", "kind", "act", "found_by"}],
        "speakers": [{"index", "name", "type"}], "rejected": […], "undecided": […]}
        The first eight keys of an article and the spans are those of the PolNeAR corpus; readers of it pass over the
        others. "decision" is accepted, corrected or added; "rejected" holds what an engine found and an editor
        refused; "speakers" names the attributions' speakers by their index.
citron  {"id", "text", "complete", "quotes": [{"cue", "sources", "contents", "coreferences", …}],
        "coreference_groups"}: Citron's annotation file, one a line.

WHAT TEACHES, AND WHAT DOES NOT
An extractor takes text without a mark for text without a claim. That is true only of an article that an editor marked
as "reviewed to the end" on a claim's page, with no claim waiting since: "complete" is true, and without options only
such articles are written. --partial adds those with some decided claims: "complete" is false there, and "undecided"
lists the claims that nobody has looked at. Use them for what is marked (is it a claim? whose is it?), never for what is
not, and leave them out of recall.
"""


class Command(BaseCommand):
    help = "Writes the claims that editors accepted, corrected, added and rejected as training rows (JSONL)."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EPILOG
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=FORMATS, default="corpus", help="what to write; corpus unless given")
        parser.add_argument(
            "--partial", action="store_true", help="also articles that are not reviewed to the end (see below)"
        )

    def handle(self, *args: Any, partial: bool, **options: Any) -> None:
        make_row = FORMATS[options["format"]]
        written = complete = claims = rejected = left_out = 0
        for article in decided_articles(with_partial=True):
            if not (article.complete or partial):
                left_out += 1
                continue
            self.stdout.write(json.dumps(make_row(article), ensure_ascii=False))
            written += 1
            complete += article.complete
            claims += sum(claim.is_claim for claim in article.claims)
            rejected += sum(claim.decision == "rejected" for claim in article.claims)
        self.stderr.write(
            f"{written} articles ({complete} reviewed to the end), {claims} claims, {rejected} rejected"
            + (f"; {left_out} reviewed in part left out (--partial adds them)" if left_out else "")
        )
