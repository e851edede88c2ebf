"""Names of files that Markdown or Streamlit would show as something else."""

NAMES = (
    "www.example.org.jpg", "see WWW.Example.org", "http://example.org/a.jpg", "https:example.org", "<https://a.org>",
    "me@example.org", "xmpp:me@example.org", "a `code` b.jpg", "``", ":smile: a", ":material/home: a", ":streamlit: a",
    ":red[a]", ":red-badge[a]", "[a](https://b.org)", "![a](b.png)", "a -- b -> c <- d", "a >= b", "&lt;b&gt;",
    "http&colon;//a.org", "<b>a</b>", "*a* __b__ ~~c~~", "$a$ and $$b$$", "a | b", "# a", "> a", "1. a", "2) a", "- a",
    "+ a", "* a", "---", "===", "a\\", "C:\\photos\\_new_", "[^1] a", "[ ] a",
)  # fmt: skip
