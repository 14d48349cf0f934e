extension SandboxAddresses {
    /// One JSON object for programs: addresses, identifiers and the paths of files; no secret.
    public func json(_ sandbox: Sandbox) -> [UInt8] {
        let institution = sandbox.configuration.institution
        return JSONText.object([
            "base": .string(base), "frames": .string("\(host):\(framePort)"), "control": .string(control),
            "authorize": .string(base + AuthorizationServer.prefix + "authorize"),
            "token": .string(base + AuthorizationServer.prefix + "token"),
            "jwks": .string(base + AuthorizationServer.prefix + "jwks"),
            "soap": .string(base + "/soap"), "client_id": .string(sandbox.credentials.clientID),
            "login_name": .string(sandbox.credentials.userName),
            "fixmedins_code": .string(institution.code), "fixmedins_name": .string(institution.name),
            "mdtrtarea_admvs": .string(institution.admvs),
            "files": .object([
                "ca": .string(files.authority), "client_certificate": .string(files.clientCertificate),
                "client_key": .string(files.clientKey), "client_bundle": .string(files.clientBundle),
                "client_bundle_passphrase": .string(files.clientBundlePassphrase),
                "client_secret": .string(files.clientSecret),
                "login_password": .string(files.loginPassword), "keys": .string(files.keys),
            ]),
            "signing_keys": .array(
                sandbox.signingKeyFiles.map { key in
                    .object([
                        "profile": .string(key.profile), "key_id": .string(key.id), "file": .string(key.file),
                    ])
                }),
        ]).bytes
    }
}
