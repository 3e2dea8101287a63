"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const WAIT_MS = 120;
  document.documentElement.classList.add("script");

  // Article texts: compressed JSON inside the page, unpacked when first read.
  let texts = null;
  const unpack = async () => {
    if (texts) return texts;
    const packed = $("texts").textContent.trim();
    if (!packed) return (texts = []);
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return (texts = JSON.parse(await new Response(stream).text()));
  };

  // Spans count code points, strings here UTF-16 units; so texts are cut as arrays of code points.
  const place = (letters, spans, parent) => {
    let at = 0;
    let first = null;
    for (const [start, end] of spans) {
      if (start < at || start >= letters.length) continue;
      parent.append(letters.slice(at, start).join(""));
      const mark = document.createElement("mark");
      mark.textContent = letters.slice(start, end).join("");
      parent.append(mark);
      first = first || mark;
      at = end;
    }
    parent.append(letters.slice(at).join(""));
    return first;
  };
  const parse = (words) => {
    const [field, ...ranges] = words.split(" ");
    const spans = ranges.map((range) => range.split("-").map(Number)).sort((a, b) => a[0] - b[0]);
    return { field, spans };
  };
  const describe = (number) => {
    const line = $(`a${number}`);
    return { name: line.querySelector(".open").textContent, meta: line.querySelector(".remark").textContent };
  };

  const open = async (number, where, before) => {
    const stored = (await unpack())[number - 1];
    const about = describe(number);
    const { field, spans } = where || { field: "text", spans: [] };
    const title = $("reader-title");
    title.replaceChildren(`[${number}] `);
    place(Array.from((stored && stored.title) || about.name), field === "title" ? spans : [], title);
    $("reader-meta").textContent = about.meta;
    const body = $("reader-text");
    body.replaceChildren();
    let mark = null;
    if (stored && stored.text) mark = place(Array.from(stored.text), field === "text" ? spans : [], body);
    else body.textContent = "The text of this article is not in this file.";
    if (stored && stored.cut && stored.text) body.append("\n\n[The rest of this text is not in this file.]");
    await showBefore(before);
    if (!$("reader").open) $("reader").showModal();
    if (mark) mark.scrollIntoView({ block: "center" });
    else body.scrollTop = 0;
  };

  const showBefore = async (before) => {
    const aside = $("reader-before");
    aside.replaceChildren();
    document.querySelector(".reader-body").classList.toggle("beside", Boolean(before));
    if (!before) return;
    const [number, ...rest] = before.split(" ");
    const { field, spans } = parse(rest.join(" "));
    const stored = (await unpack())[number - 1];
    const heading = document.createElement("h3");
    heading.textContent = "Said before";
    const about = describe(number);
    const source = document.createElement("p");
    source.className = "meta";
    source.textContent = `[${number}] ${about.name}, ${about.meta}`;
    const words = document.createElement("p");
    const letters = Array.from((stored && stored[field]) || "");
    words.textContent = spans.map(([start, end]) => letters.slice(start, end).join("")).join(" … ");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "read";
    button.textContent = "in its text";
    button.addEventListener("click", () => open(number, { field, spans }, ""));
    aside.append(heading, words, source, button);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".fact .read");
    const fact = button && button.closest(".fact");
    if (fact) open(fact.dataset.article, parse(fact.dataset.spans), fact.dataset.before);
    const link = event.target.closest("a.open");
    if (link) {
      event.preventDefault();
      open(link.closest("[data-number]").dataset.number, null, "");
    }
  });
  $("reader-close").addEventListener("click", () => $("reader").close());
  $("reader").addEventListener("click", (event) => {
    if (event.target === $("reader")) $("reader").close();
  });

  // Search and filters: what does not fit is hidden; a story or article without anything left goes too.
  const tools = document.querySelector(".tools");
  tools.hidden = false;
  const index = [...document.querySelectorAll(".story")].map((story) => ({
    story,
    label: story.querySelector("h2").textContent.toLowerCase(),
    articles: [...story.querySelectorAll(".article")].map((article) => ({
      article,
      head: null,
      facts: [...article.querySelectorAll(".fact")].map((fact) => ({ fact, words: null })),
    })),
  }));
  const lines = [...document.querySelectorAll(".articles > li")];
  const low = (element) => element.textContent.toLowerCase();

  const fits = (data, wanted) =>
    (!wanted.source || data.source === wanted.source) &&
    (!wanted.first || (data.day && data.day >= wanted.first)) &&
    (!wanted.last || (data.day && data.day <= wanted.last));
  const filterFacts = (entry, wanted, hasWords) => {
    let shown = 0;
    for (const one of entry.facts) {
      if (wanted.query) one.words ??= low(one.fact);
      const kept =
        (!wanted.status || one.fact.dataset.status === wanted.status) && (hasWords || one.words.includes(wanted.query));
      one.fact.hidden = !kept;
      shown += kept;
    }
    return shown;
  };
  const filterArticle = (entry, wanted, inStory) => {
    const quoted = [...entry.article.querySelectorAll("h3, .meta, blockquote")];
    if (wanted.query) entry.head ??= quoted.map(low).join(" ");
    const hasWords = !wanted.query || inStory || entry.head.includes(wanted.query);
    const facts = filterFacts(entry, wanted, hasWords);
    const kept = fits(entry.article.dataset, wanted) && (facts > 0 || (!wanted.status && hasWords));
    entry.article.hidden = !kept;
    for (const part of entry.article.querySelectorAll("details, h4")) {
      const list = part.matches("h4") ? part.nextElementSibling : part;
      part.hidden = !list.querySelector(".fact:not([hidden])");
      if (part.matches("details")) part.open = Boolean((wanted.status === "known" || wanted.query) && !part.hidden);
    }
    return kept ? facts : -1;
  };
  const filter = () => {
    const wanted = {
      query: $("query").value.trim().toLowerCase(), source: $("source").value,
      first: $("first").value, last: $("last").value, status: $("status").value,
    };
    const isFiltered = Object.values(wanted).some(Boolean);
    let stories = 0;
    let articles = 0;
    let facts = 0;
    for (const entry of index) {
      const inStory = Boolean(wanted.query) && entry.label.includes(wanted.query);
      const results = entry.articles.map((article) => filterArticle(article, wanted, inStory)).filter((n) => n >= 0);
      entry.story.hidden = results.length === 0;
      stories += results.length > 0;
      articles += results.length;
      facts += results.reduce((sum, n) => sum + n, 0);
    }
    for (const line of lines) line.hidden = !(fits(line.dataset, wanted) && (!wanted.query || low(line).includes(wanted.query)));
    const say = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
    $("found").value = isFiltered
      ? `${say(stories, "story", "stories")}, ${say(articles, "entry", "entries")}, ${say(facts, "statement", "statements")} shown`
      : "";
  };
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(filter, WAIT_MS);
  };
  tools.addEventListener("input", later);
  tools.addEventListener("reset", () => setTimeout(filter));
  tools.addEventListener("submit", (event) => event.preventDefault());
})();
