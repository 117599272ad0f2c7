"use strict";
/* From a selection in the article to stretches of code points on whole words, and back.

   The rules are those of the server (`claims.services.spans`), which has the last word: this only shows beforehand what it
   will store. */
// A constant of its own, since the files of the desk's scripts are plain scripts and no modules.
const Stretches = (() => {
  const WORD = /[\p{L}\p{N}\p{M}]/u;
  // Scripts that write no blanks between words: an end stays where the editor put it.
  const UNSPACED = /[\u0e00-\u109f\u1780-\u17ff\u2e80-\u30ff\u3400-\u9fff]/u;
  const EXTENDS = /[\p{M}\u200d\ufe0e\ufe0f\u{1f3fb}-\u{1f3ff}]/u;
  const APOSTROPHE = /['’]/;

  const length = (text) => Array.from(text).length;

  const belongTogether = (points, at) => {
    const left = points[at - 1];
    const right = points[at];
    if (EXTENDS.test(right) || left === "\u200d") {
      return true;
    }
    const isWord = (one) => one !== undefined && WORD.test(one);
    if (APOSTROPHE.test(right)) {
      return isWord(left) && isWord(points[at + 1]);
    }
    if (APOSTROPHE.test(left)) {
      return isWord(points[at - 2]) && isWord(right);
    }
    return isWord(left) && isWord(right) && !UNSPACED.test(left) && !UNSPACED.test(right);
  };

  /* The text of the page, paragraph by paragraph, with where each begins in the article. */
  class ArticleText {
    constructor(box) {
      this.box = box;
      this.paragraphs = [...box.querySelectorAll("p[data-start]")].map((element) => ({
        element,
        start: Number(element.dataset.start),
        points: Array.from(element.textContent),
      }));
    }

    /* Stretches of a DOM range, one a paragraph, moved to whole words. */
    stretches(range) {
      const found = [];
      for (const paragraph of this.paragraphs) {
        if (!range.intersectsNode(paragraph.element)) {
          continue;
        }
        const whole = document.createRange();
        whole.selectNodeContents(paragraph.element);
        const before = whole.cloneRange();
        const inside = whole.cloneRange();
        if (range.compareBoundaryPoints(Range.START_TO_START, whole) > 0) {
          before.setEnd(range.startContainer, range.startOffset);
          inside.setStart(range.startContainer, range.startOffset);
        } else {
          before.collapse(true);
        }
        if (range.compareBoundaryPoints(Range.END_TO_END, whole) < 0) {
          inside.setEnd(range.endContainer, range.endOffset);
        }
        const start = length(before.toString());
        const words = this.toWords(paragraph.points, start, start + length(inside.toString()));
        if (words) {
          found.push([paragraph.start + words[0], paragraph.start + words[1]]);
        }
      }
      return found;
    }

    toWords(points, from, to) {
      let [start, end] = [from, to];
      while (start < end && /\s/.test(points[start])) {
        start += 1;
      }
      while (start < end && /\s/.test(points[end - 1])) {
        end -= 1;
      }
      if (!points.slice(start, end).some((point) => /[\p{L}\p{N}]/u.test(point))) {
        return null;
      }
      while (start > 0 && start < points.length && belongTogether(points, start)) {
        start -= 1;
      }
      while (end > 0 && end < points.length && belongTogether(points, end)) {
        end += 1;
      }
      return [start, end];
    }

    quote([start, end]) {
      const paragraph = this.paragraphs.find((one) => start >= one.start && end <= one.start + one.points.length);
      return paragraph ? paragraph.points.slice(start - paragraph.start, end - paragraph.start).join("") : "";
    }

    /* A DOM range for a stretch, or null where it is not in one paragraph. */
    range([start, end]) {
      const paragraph = this.paragraphs.find((one) => start >= one.start && end <= one.start + one.points.length);
      if (!paragraph) {
        return null;
      }
      const units = (count) => paragraph.points.slice(0, count).join("").length;
      const range = document.createRange();
      const ends = [units(start - paragraph.start), units(end - paragraph.start)];
      const walker = document.createTreeWalker(paragraph.element, NodeFilter.SHOW_TEXT);
      let passed = 0;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const size = node.data.length;
        if (ends[0] >= passed && ends[0] < passed + size) {
          range.setStart(node, ends[0] - passed);
        }
        if (ends[1] > passed && ends[1] <= passed + size) {
          range.setEnd(node, ends[1] - passed);
          return range;
        }
        passed += size;
      }
      return null;
    }
  }

  /* Takes the cue and the mention of the same claim out of what was said: they stand between its stretches. */
  const without = (text, stretches, holes) => {
    let left = stretches.map(([start, end]) => ({ start, end, isCut: false }));
    for (const [from, to] of holes) {
      left = left.flatMap((one) => {
        if (to <= one.start || from >= one.end) {
          return [one];
        }
        return [{ ...one, end: from }, { start: to, end: one.end, isCut: true }];
      });
    }
    return left.flatMap(({ start, end, isCut }) => {
      const points = start < end ? Array.from(text.quote([start, end])) : [];
      const falls = isCut ? /[\s.,;:]/ : /\s/; // behind "he said" a full stop belongs to nobody's words
      let [first, last] = [0, points.length];
      while (first < last && falls.test(points[first])) {
        first += 1;
      }
      while (last > first && /\s/.test(points[last - 1])) {
        last -= 1;
      }
      const hasWord = points.slice(first, last).some((point) => /[\p{L}\p{N}]/u.test(point));
      return hasWord ? [[start + first, start + last]] : [];
    });
  };

  return { ArticleText, without };
})();
