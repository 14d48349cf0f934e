import NIOHTTP1

/// The page where a person signs in; the request's parameters travel on in hidden fields.
struct LoginPage: Sendable {
    let fields: [String: String]
    let scope: String
    let complaint: String?

    private static let carried = [
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
        "code_challenge_method",
    ]

    func reply(_ status: HTTPResponseStatus = .ok) -> SandboxReply {
        var reply = SandboxReply.text(status, type: "text/html", html)
        reply.fields += [
            ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'"),
            ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer"),
        ]
        return reply
    }

    private var html: String {
        let hidden = Self.carried.compactMap { name in
            fields[name].map {
                "<input type=\"hidden\" name=\"\(name)\" value=\"\(Self.escaped($0))\">"
            }
        }.joined(separator: "\n")
        let told = complaint.map { "<p class=\"bad\" role=\"alert\">\(Self.escaped($0))</p>" } ?? ""
        return """
            <!doctype html>
            <html lang="zh-CN"><head><meta charset="utf-8"><title>沙箱登录 · Sandbox login</title>
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <style>
            body{font:16px/1.6 system-ui,sans-serif;max-width:24rem;margin:4rem auto;padding:0 1rem;
            color:#1f2328;background:#fff}
            label,input,button{display:block;width:100%;box-sizing:border-box}
            input,button{font:inherit;padding:.5rem;margin:.25rem 0 1rem;border:1px solid #888;
            border-radius:.3rem}
            button{background:#14532d;color:#fff;border:0;cursor:pointer}
            .bad{color:#a40e26}
            @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}
            input{background:#161b22;color:inherit}.bad{color:#ff7b72}}
            </style></head><body>
            <h1>医保平台沙箱登录<br><small>Sandbox login</small></h1>
            <p>申请的权限 · asked for: <code>\(Self.escaped(scope))</code></p>
            \(told)
            <form method="post">
            \(hidden)
            <label>用户名 · Name<input name="username" autocomplete="username" required></label>
            <label>密码 · Password<input name="password" type="password" required></label>
            <button>登录 · Sign in</button>
            </form>
            <p>用户名与密码在沙箱数据目录的 client/ 里。<br>Both lie in client/ of the sandbox's data directory.</p>
            </body></html>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
