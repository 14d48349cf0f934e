import AuditLog
import Foundation
import HTTPTypes
package import InsurancePlatform
import RequestSigning

/// How this server reaches the national platform: the site, its certificates, the login, the signature and the
/// timeouts. Written in one JSON file; see docs/formats/platform-settings.md.
package struct PlatformSettings: Sendable {
    package enum Transport: String, Sendable, CaseIterable {
        case rest, soap, frames
    }

    /// Names the site in the log and in the store.
    package var name: String
    package var transport: Transport
    package var site: FsiSite
    package var setlOptins: String
    package var sender: PlatformCall.Sender
    package var alwaysCompared: [SettlementSite.Group]
    package var tls: TLSFiles
    package var login: OAuth2Configuration?
    package var signature: PlatformSignature?
    package var connect: Duration
    package var call: Duration
    /// For how long after it was signed the site takes a request; nil stands for the profile's own window.
    package var window: Duration?

    /// A settings file that can't be used, and why.
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
    }

    /// Reads a settings file and the files of secrets that it names. Names of files are relative to its own.
    ///
    /// - Parameter environment: may hold the client's secret, where no file does.
    package init(
        file path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        guard let bytes = FileManager.default.contents(atPath: path),
            let json = try? JSON(parsing: Array(bytes))
        else { throw Unusable(description: "\(path) is not a JSON object that can be read") }
        do {
            try self.init(
                SettingsNode(json, folder: (path as NSString).deletingLastPathComponent), environment)
        } catch let error as Unusable {
            throw Unusable(description: "\(path): \(error.description)")
        } catch let error as TokenFailure {
            throw Unusable(description: "\(path): oauth2: \(error.detail)")
        } catch let error as SigningRefusal {
            throw Unusable(description: "\(path): signature: \(error.detail)")
        }
    }

    /// The profiles whose signature a transport can carry: SOAP's body is XML, and frames have no fields of HTTP.
    private func checkSigner(_ node: SettingsNode) throws {
        guard let profile = signature?.signer.profile else { return }
        let fit: [Profile]? =
            switch transport {
            case .rest: nil
            case .soap: [.tif, .csb, .rfc9421, .envelope, .fsiSM]
            case .frames: [.envelope]
            }
        guard let fit, !fit.contains(profile) else { return }
        throw node.wrong(
            "signature.profile", "with \(transport.rawValue) one of \(fit.map(\.id).joined(separator: ", "))")
    }

    /// Without an envelope only HTTP's fields are left for a signature.
    private func checkBareRoutes(_ node: SettingsNode) throws {
        guard !site.bareRoutes.isEmpty else { return }
        guard transport == .rest else { throw node.wrong("bare_routes", "transport rest") }
        guard let profile = signature?.signer.profile, [.envelope, .fsiSM].contains(profile) else { return }
        throw node.wrong("signature.profile", "with bare_routes another than envelope and fsi-sm")
    }

    private init(_ node: SettingsNode, _ environment: [String: String]) throws {
        try node.allow([
            "name", "transport", "base_url", "path_prefix", "appends_infno", "paths", "bare_routes",
            "soap_path", "frames", "fixmedins_code", "fixmedins_name", "mdtrtarea_admvs", "recer_sys_code",
            "infver", "signtype", "numbers_as_strings", "setl_optins", "operator", "compared", "tls",
            "oauth2", "signature", "timeouts",
        ])
        name = try node.text("name", else: "platform")
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }) else {
            throw node.wrong("name", "letters, digits, . and -")
        }
        transport = try node.choice("transport", else: .rest)
        site = try Self.site(node)
        if transport == .frames, site.frames == nil {
            throw node.wrong("frames", "host and port, for frames")
        }
        setlOptins = try node.text("setl_optins", upTo: 6, else: site.mdtrtareaAdmvs)
        let person = try node.object("operator") ?? SettingsNode(["id": "hufu", "name": "hufu"], folder: "")
        try person.allow(["id", "name"])
        sender = PlatformCall.Sender(
            id: try person.text("id", upTo: 30), name: try person.text("name", upTo: 50))
        alwaysCompared = try node.objects("compared").map { group in
            try group.allow(["insutype", "clr_type"])
            return SettlementSite.Group(
                insutype: try group.text("insutype", upTo: 6), clrType: try group.text("clr_type", upTo: 6))
        }
        tls = try Self.tls(node.object("tls"))
        login = try node.object("oauth2").map { try $0.login(base: node.text("base_url"), environment) }
        signature = try node.object("signature").map { try $0.signature() }
        let timeouts = try node.object("timeouts") ?? SettingsNode([:], folder: "")
        try timeouts.allow(["connect_seconds", "call_seconds", "window_seconds"])
        connect = .seconds(try timeouts.number("connect_seconds", in: 1...60, else: 5))
        call = .seconds(try timeouts.number("call_seconds", in: 1...170, else: 30))
        guard connect <= call else { throw timeouts.wrong("connect_seconds", "at most call_seconds") }
        window = try timeouts.optionalNumber("window_seconds", in: 5...3600).map { .seconds($0) }
        if let window, call >= window { throw timeouts.wrong("call_seconds", "less than window_seconds") }
        try checkSigner(node)
        try checkBareRoutes(node)
    }

    private static func site(_ node: SettingsNode) throws -> FsiSite {
        var site = FsiSite(
            baseURL: try node.text("base_url"), fixmedinsCode: try node.text("fixmedins_code"),
            fixmedinsName: try node.text("fixmedins_name", upTo: 20),
            mdtrtareaAdmvs: try node.text("mdtrtarea_admvs", upTo: 6),
            recerSysCode: try node.text("recer_sys_code", upTo: 10))
        let url = URL(string: site.baseURL)
        guard let url, url.scheme == "https", url.host?.isEmpty == false, url.user == nil, url.query == nil,
            url.fragment == nil, !site.baseURL.hasSuffix("/")
        else { throw node.wrong("base_url", "an https URL without a slash at its end") }
        guard site.fixmedinsCode.utf8.count == 12,
            site.fixmedinsCode.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF)
            })
        else { throw node.wrong("fixmedins_code", "12 letters and digits") }
        site.pathPrefix = try node.path("path_prefix", else: site.pathPrefix)
        site.appendsInfno = try node.flag("appends_infno")
        site.soapPath = try node.path("soap_path", else: site.soapPath)
        site.infver = try node.text("infver", upTo: 6, else: site.infver)
        site.signtype = try node.text("signtype", upTo: 10, else: site.signtype)
        site.numbersAsStrings = try node.flag("numbers_as_strings")
        for (infno, path) in try node.texts("paths") { site.paths[infno] = path }
        site.bareRoutes = try bareRoutes(node)
        if let frames = try node.object("frames") {
            try frames.allow(["host", "port"])
            site.frames = FsiSite.FrameAddress(
                host: try frames.text("host"), port: try frames.number("port", in: 1...65535))
        }
        return site
    }

    private enum BareMethod: String, CaseIterable {
        case get = "GET"
        case post = "POST"
    }

    private static func bareRoutes(_ node: SettingsNode) throws -> [String: FsiSite.BareRoute] {
        var routes: [String: FsiSite.BareRoute] = [:]
        for (infno, route) in try node.namedObjects("bare_routes") {
            guard FsiSite.BareRoute.fits(infno) else {
                throw node.wrong("bare_routes.\(infno)", "the number of a transaction whose input is data")
            }
            try route.allow(["method", "path"])
            let method = try route.choice("method", else: BareMethod.post)
            // Whoever stands between may repeat a GET.
            guard method == .post || !MoneyRules.isJournalled(infno) else {
                throw route.wrong("method", "POST, where money moves,")
            }
            let path = try route.path("path")
            guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"?#".utf8.contains($0) }) else {
                throw route.wrong("path", "a path without a query, spaces and letters beyond ASCII")
            }
            routes[infno] = FsiSite.BareRoute(method == .get ? .get : .post, path)
        }
        return routes
    }

    private static func tls(_ node: SettingsNode?) throws -> TLSFiles {
        guard let node else {
            throw Unusable(description: "tls is missing: the platform's roots must be given")
        }
        try node.allow(["roots", "certificate", "key", "pkcs12", "passphrase_file"])
        var files = TLSFiles(roots: try node.files("roots"))
        files.passphrase = try node.file("passphrase_file")
        switch (try node.file("certificate"), try node.file("key"), try node.file("pkcs12")) {
        case (nil, nil, nil): break
        case (let certificate?, let key?, nil): files.identity = .pem(certificate: certificate, key: key)
        case (nil, nil, let bundle?): files.identity = .pkcs12(bundle)
        default: throw node.wrong("certificate", "certificate with key, or pkcs12 alone")
        }
        return files
    }
}
