/// Labels that break pages, tables and terminals which take words for anything but data.
let hostileWords = [
    "plain", "</script><script>window.broken=1</script>", "<img src=x onerror=window.broken=1>", "a,b", "\"", "\"\"",
    "=1+1", "+2", "-3", "@sum", "＝1", "line\nfeed", "carriage\rreturn", "\r\n", "\\", "\\n", "\\\\n", "tab\there", "",
    " ", "  lead", "trail  ", "\u{3000}", "null\u{0}byte", "\u{1b}[31mred", "\u{202e}desrever", "\u{2066}isolate",
    "\u{301}", "e\u{301}", "\u{200d}", "\u{feff}bom", "\u{2028}", "zalgo" + String(repeating: "\u{336}", count: 500),
    String(repeating: "長い", count: 5000), "日本語", "👩‍👩‍👧", "🇯🇵", "{{data}}", "{{script}}", "<!--", "]]>", "&amp;", "${x}",
    "javascript:alert(1)", "__proto__", "constructor", "שלום", "مرحبا", "duplicate", "duplicate", "' OR 1=1 --",
]
