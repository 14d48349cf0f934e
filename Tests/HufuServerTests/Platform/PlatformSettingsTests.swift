import AuditLog
import Foundation
import HTTPTypes
import HufuServer
import InsurancePlatform
import PlatformSimulator
import RequestSigning
import Testing

@Suite("The settings of the platform")
struct PlatformSettingsTests {
    /// Settings in a folder with the secrets that they name.
    private struct Folder {
        let directory: TemporaryDirectory
        var json: JSON

        init(_ directory: TemporaryDirectory) throws {
            self.directory = directory
            json = [
                "base_url": "https://platform.example:8443/ebus", "fixmedins_code": "H33010200001",
                "fixmedins_name": "测试医院", "mdtrtarea_admvs": "330102", "recer_sys_code": "HIS",
                "tls": ["roots": ["roots.pem"], "certificate": "/etc/hufu/client.pem", "key": "client.key"],
                "oauth2": [
                    "client_id": "hufu", "client_secret_file": "client-secret",
                    "scopes": ["patient.read", "claim.write"],
                ],
                "signature": ["profile": "tif", "key_id": "paas", "key_file": "tif.secret"],
            ]
            try write("client-secret", "canary-client-secret\n")
            try write("tif.secret", "canary-signing-secret\n")
        }

        func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
            let path = directory.path + "/" + name
            try Data(text.utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }

        /// Sets the member at a path such as `tls.roots`, or removes it.
        mutating func set(_ place: String, _ value: JSON?) {
            let names = place.split(separator: ".").map(String.init)
            if names.count == 1 {
                json[names[0]] = value
            } else {
                json[names[0]]?[names[1]] = value
            }
        }

        func read(environment: [String: String] = [:]) throws -> PlatformSettings {
            try write("platform.json", String(decoding: json.canonical(), as: UTF8.self))
            return try PlatformSettings(file: directory.path + "/platform.json", environment: environment)
        }

        /// Why it can't be used.
        func refusal(environment: [String: String] = [:]) throws -> String {
            do { _ = try read(environment: environment) } catch { return "\(error)" }
            return ""
        }
    }

    @Test("What is left out has its default, and files stand beside the settings")
    func defaults() async throws {
        try await TemporaryDirectory.use { directory in
            let settings = try Folder(directory).read()
            #expect(settings.name == "platform" && settings.transport == .rest)
            #expect(settings.connect == .seconds(5) && settings.call == .seconds(30))
            #expect(settings.setlOptins == "330102" && settings.sender.id == "hufu")
            #expect(settings.alwaysCompared.isEmpty)
            #expect(
                settings.site.url(infno: "1101").hasSuffix("/ebus/fsi/api/fsiPsnInfoService/queryPsnInfo"))
            #expect(settings.tls.roots == [directory.path + "/roots.pem"])
            #expect(
                settings.tls.identity
                    == .pem(certificate: "/etc/hufu/client.pem", key: directory.path + "/client.key"))
            let login = try #require(settings.login)
            #expect(login.issuer == "https://platform.example:8443/ebus" && !login.grant.isLegacy)
            #expect(login.clientSecret == Redacted("canary-client-secret") && login.authentication == .basic)
            #expect(settings.signature?.signer.profile == .tif)
            #expect(!"\(settings)".contains("canary"))
        }
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var place: String
        /// Nil removes the member.
        var value: JSON?
        /// What is named instead of the place.
        var named: String?
        var testDescription: String { "\(place) \(value.map { "\($0)" } ?? "-")" }

        init(_ place: String, _ value: JSON?, named: String? = nil) {
            self.place = place
            self.value = value
            self.named = named
        }
    }

    private static let wrongSites: [Wrong] = [
        Wrong("base_url", nil), Wrong("base_url", "http://platform.example"), Wrong("base_url", 7),
        Wrong("base_url", "https://platform.example/"), Wrong("base_url", "https://me@platform.example"),
        Wrong("base_url", "https://platform.example?x=1"), Wrong("base_url", "https:platform.example"),
        Wrong("fixmedins_code", nil), Wrong("fixmedins_code", "H3301020000"),
        Wrong("fixmedins_code", "H3301020000é"), Wrong("fixmedins_name", ""),
        Wrong("fixmedins_name", "一二三四五六七八九十一二三四五六七八九十一"), Wrong("mdtrtarea_admvs", "3301020"),
        Wrong("recer_sys_code", nil), Wrong("recer_sys_code", "12345678901"), Wrong("infver", "V1.00.0"),
        Wrong("signtype", 1), Wrong("setl_optins", "3301020"), Wrong("name", "a b"), Wrong("name", "甲"),
        Wrong("transport", "grpc"), Wrong("transport", "frames", named: "frames"),
        Wrong("frames", ["host": "a", "port": 70_000], named: "frames.port"),
        Wrong("frames", ["port": 1], named: "frames.host"), Wrong("frames", "a:1"),
        Wrong("path_prefix", "fsi"), Wrong("soap_path", "soap"),
        Wrong("paths", ["1101": 5], named: "paths.1101"),
        Wrong("bare_routes", "1101"), Wrong("bare_routes", ["1101": "/a"], named: "bare_routes.1101"),
        Wrong("bare_routes", ["11-1": ["path": "/a"]], named: "bare_routes.11-1"),
        Wrong("bare_routes", ["2204": ["path": "/a"]], named: "bare_routes.2204"),
        Wrong("bare_routes", ["1101": ["path": "/a", "verb": "GET"]], named: "bare_routes.1101.verb"),
        Wrong("bare_routes", ["1101": ["path": "/a", "method": "get"]], named: "bare_routes.1101.method"),
        Wrong("bare_routes", ["2207": ["path": "/a", "method": "GET"]], named: "bare_routes.2207.method"),
        Wrong("bare_routes", ["1101": ["method": "GET"]], named: "bare_routes.1101.path"),
        Wrong("bare_routes", ["1101": ["path": "a"]], named: "bare_routes.1101.path"),
        Wrong("bare_routes", ["1101": ["path": "/a?b=1"]], named: "bare_routes.1101.path"),
        Wrong("appends_infno", "yes"), Wrong("numbers_as_strings", 1),
        Wrong("operator", ["id": "1"], named: "operator.name"),
        Wrong("operator", ["id": "1", "name": "a", "mail": "x"], named: "operator.mail"),
        Wrong("compared", ["insutype": "310"]),
        Wrong("compared", [["insutype": "310"]], named: "compared.clr_type"),
        Wrong("timeouts", ["call_seconds": 171], named: "timeouts.call_seconds"),
        Wrong("timeouts", ["connect_seconds": 0], named: "timeouts.connect_seconds"),
        Wrong("timeouts", ["window_seconds": 4], named: "timeouts.window_seconds"),
        Wrong("timeouts", ["window_seconds": 30], named: "timeouts.call_seconds"),
        Wrong("timeouts", ["connect_seconds": 9, "call_seconds": 8], named: "timeouts.connect_seconds"),
        Wrong("timeouts", ["call_seconds": 2.5], named: "timeouts.call_seconds"), Wrong("bas_url", "x"),
    ]

    private static let wrongSecrets: [Wrong] = [
        Wrong("tls", nil), Wrong("tls.roots", nil), Wrong("tls.roots", []), Wrong("tls.roots", "roots.pem"),
        Wrong("tls.key", nil, named: "tls.certificate"),
        Wrong("tls.pkcs12", "a.p12", named: "tls.certificate"),
        Wrong("tls.verify", false), Wrong("oauth2.client_id", nil), Wrong("oauth2.client_id", ""),
        Wrong("oauth2.scopes", nil), Wrong("oauth2.scopes", ["a", "a"], named: "scopes"),
        Wrong("oauth2.grant", "implicit"), Wrong("oauth2.grant", "password", named: "oauth2.password_file"),
        Wrong("oauth2.client_secret", "canary-client-secret"),
        Wrong("oauth2.client_secret_file", "nowhere", named: "nowhere"),
        Wrong("oauth2.client_secret_file", "open", named: "open to everybody"),
        Wrong("oauth2.redirect_uri", "http://hospital.example/callback", named: "oauth2"),
        Wrong("oauth2.token_endpoint", "http://platform.example/token", named: "token endpoint"),
        Wrong("oauth2.authentication", "private_key_jwt"), Wrong("signature.profile", nil),
        Wrong("signature.profile", "v9"), Wrong("signature.key_id", nil), Wrong("signature.key_file", nil),
        Wrong("signature.key_file", "nowhere", named: "nowhere"),
        Wrong("signature.key_file", "open", named: "open to everybody"),
        Wrong("signature.secret", "canary-signing-secret"), Wrong("signature.family", "x"),
        Wrong("signature.uppercase_hex", "no"), Wrong("signature.resolution", "minutes"),
        Wrong("signature.profile", "v3.2.1", named: "signature"),
        Wrong("signature.profile", "gm", named: "signature"),
        Wrong("signature.profile", "envelope", named: "signature.app_secret_file"),
        Wrong("signature.profile", "fsi-sm", named: "signature"),
        Wrong("signature.profile", "csb", named: "signature.api_name"),
        Wrong("signature.platform_key_file", "tif.secret"),
    ]

    @Test("Each wrong value is refused with its name", arguments: wrongSites + wrongSecrets)
    func wrong(wrong: Wrong) async throws {
        try await TemporaryDirectory.use { directory in
            var folder = try Folder(directory)
            try folder.write("open", "canary-open-secret", mode: 0o644)
            folder.set(wrong.place, wrong.value)
            let told = try folder.refusal()
            #expect(told.hasPrefix(directory.path + "/platform.json: "), "\(told)")
            #expect(told.contains(wrong.named ?? wrong.place), "\(told)")
            #expect(!told.contains("canary"), "\(told)")
        }
    }

    @Test("The client's secret may come from the environment; one that is set but empty is refused")
    func environment() async throws {
        let name = "HUFU_PLATFORM_CLIENT_SECRET"
        try await TemporaryDirectory.use { directory in
            var folder = try Folder(directory)
            // A file comes first, and then nobody looks at the variable.
            for value in ["canary-of-the-environment", ""] {
                let login = try #require(try folder.read(environment: [name: value]).login)
                #expect(login.clientSecret == Redacted("canary-client-secret"))
            }
            folder.set("oauth2.client_secret_file", nil)
            let login = try #require(try folder.read(environment: [name: "canary-of-the-environment"]).login)
            #expect(login.clientSecret == Redacted("canary-of-the-environment"))
            #expect(login.authentication == .basic)
            let open = try #require(try folder.read().login)
            #expect(open.clientSecret == nil && open.authentication == .none)
            for empty in ["", " ", "\n"] {
                let told = try folder.refusal(environment: [name: empty])
                #expect(told.contains("platform.json: \(name) is set but empty"), "\(told)")
            }
        }
    }

    @Test("A user and a password, for sites that have nothing else, are read from their file")
    func password() async throws {
        try await TemporaryDirectory.use { directory in
            var folder = try Folder(directory)
            try folder.write("password", "canary-password\nmore\n")
            folder.set("oauth2.grant", "password")
            folder.set("oauth2.user", "his")
            folder.set("oauth2.password_file", "password")
            let login = try #require(try folder.read().login)
            guard case .legacyPassword(let user, let password) = login.grant else {
                Issue.record("\(login.grant)")
                return
            }
            #expect(user == "his" && password == Redacted("canary-password") && login.grant.isLegacy)
            folder.set("oauth2.user", nil)
            #expect(try folder.refusal().contains("oauth2.user"))
        }
    }

    @Test("A transport that can't carry the profile's signature is refused")
    func transports() async throws {
        try await TemporaryDirectory.use { directory in
            var folder = try Folder(directory)
            folder.set("transport", "soap")
            _ = try folder.read()
            folder.set("frames", ["host": "platform.example", "port": 9000])
            folder.set("transport", "frames")
            #expect(try folder.refusal().contains("signature.profile: with frames one of envelope"))
            folder.set("signature", nil)
            #expect(try folder.read().site.frames?.port == 9000)
        }
    }

    @Test("Routes without an envelope are for REST, and for signatures in the header")
    func bareRoutes() async throws {
        try await TemporaryDirectory.use { directory in
            var folder = try Folder(directory)
            folder.set(
                "bare_routes",
                ["1101": ["method": "GET", "path": "/v3/status"], "2207": ["path": "/v3/settlements"]])
            #expect(
                try folder.read().site.bareRoutes == [
                    "1101": .init(.get, "/v3/status"), "2207": .init(.post, "/v3/settlements"),
                ])
            folder.set("transport", "soap")
            #expect(try folder.refusal().contains("bare_routes: transport rest"))
            folder.set("transport", nil)
            try folder.write("sm2.key", String(repeating: "ER", count: 21) + "E=")
            folder.set(
                "signature", ["profile": "fsi-sm", "key_id": "hufusandboxfsi01", "key_file": "sm2.key"])
            folder.set("bare_routes", nil)
            _ = try folder.read()
            folder.set("bare_routes", ["1101": ["path": "/v3/status"]])
            #expect(try folder.refusal().contains("signature.profile: with bare_routes"))
        }
    }

    @Test(
        "What is no JSON object is told so", arguments: ["", "[]", "{", #"{"name":"a","name":"b"}"#, "null"])
    func noObject(text: String) async throws {
        try await TemporaryDirectory.use { directory in
            let folder = try Folder(directory)
            try folder.write("other.json", text)
            do {
                _ = try PlatformSettings(file: directory.path + "/other.json")
                Issue.record("it was read")
            } catch { #expect("\(error)".contains("other.json")) }
        }
    }

    @Test(
        "Every profile's key file loads, and is the key that the platform knows",
        arguments: Profile.all.map(\.id))
    func keys(id: String) async throws {
        let profile = try #require(Profile(id: id))
        try await TemporaryDirectory.use { directory in
            var configuration = SandboxConfiguration(dataDirectory: directory.path + "/sandbox")
            configuration.persons = 0
            let sandbox = try await Sandbox(configuration: configuration)
            let file = try #require(sandbox.signingKeyFiles.first { $0.profile == id })
            var folder = try Folder(directory)
            folder.set(
                "signature",
                ["profile": .string(id), "key_id": .string(file.id), "key_file": .string(file.file)])
            if profile == .csb { folder.set("signature.api_name", "fsi") }
            if profile == .envelope {
                let secret = URL(filePath: file.file).deletingLastPathComponent().path + "/envelope.secret"
                folder.set("signature.app_secret_file", .string(secret))
            }
            let signature = try #require(try folder.read().signature)
            let known = try #require(sandbox.credentials.signingKey(for: profile))
            var head = HTTPRequest(
                method: .post, scheme: "https", authority: "platform.example", path: "/fsi/api/x")
            head.headerFields[.contentType] = "application/json"
            for field in signature.fields { head.headerFields[field.name] = field.value }
            let body = #"{"infno":"1101","msgid":"1","input":{"data":{"psn_no":"1"}}}"#
            let signed = try signature.signer.sign(
                HTTPMessage(head, body: Array(body.utf8)), at: 1_795_140_000_000,
                nonce: profile.hasNonce ? Nonce.fresh() : "")
            _ = try RequestVerifier(profile).verify(
                signed, now: 1_795_140_000_000, key: known.verificationKey)
        }
    }
}
