import HTTPTypes

/// The routes as a page to read, with nothing from outside.
enum DocumentationPage {
    static func html(_ routes: [Route]) -> String {
        var body = ""
        var tags: [String] = []
        for route in routes where !tags.contains(route.tag) { tags.append(route.tag) }
        for tag in tags {
            body += "<h2>\(escaped(tag))</h2>\n<table>\n"
            for route in routes where route.tag == tag { body += row(route) }
            body += "</table>\n"
        }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Hufu API</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff }
            table { border-collapse: collapse; width: 100% } td { border-top: 1px solid #ddd; padding: .4rem .6rem; vertical-align: top }
            td:first-child { width: 4rem; font-weight: 600 } code { font-family: ui-monospace, monospace } .who { color: #555; width: 18rem }
            @media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #16181b } td { border-color: #333 } .who { color: #aaa } }
            </style></head><body>
            <h1>虎符 Hufu \(Hufu.version)</h1>
            <p>Activation codes, and a log of every decision that outsiders can verify.
            激活码的签发与校验，每一项决定都写入可由外部验证的日志。
            The machine-readable description is <a href="/openapi.json">/openapi.json</a>. Bodies are JSON;
            whatever is refused is a problem (RFC 9457) with a stable <code>code</code>.</p>
            \(body)</body></html>

            """
    }

    private static func row(_ route: Route) -> String {
        var shapes: [String] = []
        if let request = route.request { shapes.append("takes <code>\(request)</code>") }
        if let answer = route.answer {
            shapes.append("answers \(route.status) <code>\(answer)</code>\(route.isList ? " list" : "")")
        }
        return """
            <tr><td>\(route.method.rawValue)</td><td><code>\(escaped(route.path))</code><br>\(escaped(route.summary))\
            \(shapes.isEmpty ? "" : "<br><small>" + shapes.joined(separator: ", ") + "</small>")</td>\
            <td class="who">\(escaped(route.access.text))</td></tr>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
