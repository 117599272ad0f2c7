"""The field's own formats: values in, dicts and strings out.

Each module writes one format that other programs already read (ClaimReview, Web Annotation, text fragments, Atom and
JSON Feed, Citron, Fact Check Tools), from the frozen values of `claims.formats.values`. Nothing here knows a row, a
request, a setting or a clock: what may be shown is decided before (`claims.api`), so that no format can leak what the
public must not see. Do not import the framework or the models here.
"""
