import RequestSigning

extension SandboxAddresses {
    /// A settings file with which `hufu serve --platform FILE` reaches this sandbox; it holds no secret, only the
    /// names of the files that do. It stands in the folder `client` of the data directory.
    public func settings(_ sandbox: Sandbox) -> [UInt8] {
        let institution = sandbox.configuration.institution
        let profile = Profile.v330
        let window = sandbox.configuration.signatureWindow ?? profile.window
        // A call's timeout is shorter than the window.
        let call = min(30, max(1, window / 2))
        return JSONText.object([
            "name": .string("sandbox"), "base_url": .string(base),
            "frames": .object(["host": .string(host), "port": .number(framePort)]),
            "fixmedins_code": .string(institution.code), "fixmedins_name": .string(institution.name),
            "mdtrtarea_admvs": .string(institution.admvs), "recer_sys_code": .string("HUFU"),
            "compared": .array([
                .object(["insutype": .string("310"), "clr_type": .string("11")])
            ]),
            "tls": .object([
                "roots": .array([.string(files.authority)]), "certificate": .string(files.clientCertificate),
                "key": .string(files.clientKey),
            ]),
            "oauth2": .object([
                "client_id": .string(sandbox.credentials.clientID),
                "client_secret_file": .string(files.clientSecret),
                "scopes": .array([.string("openid"), .string("patient.read"), .string("claim.write")]),
                "redirect_uri": .string("http://127.0.0.1:53682/callback"),
            ]),
            "signature": .object([
                "profile": .string(profile.id), "key_id": .string(SandboxCredentials.keyID(of: profile)),
                "key_file": .string(files.keys + "/\(profile.id).key.pem"),
            ]),
            "timeouts": .object([
                "connect_seconds": .number(min(5, call)), "call_seconds": .number(call),
                "window_seconds": .number(window),
            ]),
        ]).bytes
    }
}
