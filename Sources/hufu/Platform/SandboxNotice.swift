import PlatformSimulator

/// What is shown when a sandbox listens: addresses, how to trust it, and where the client's secrets lie.
struct SandboxNotice {
    let sandbox: Sandbox
    let addresses: SandboxAddresses

    var text: String {
        let institution = sandbox.configuration.institution
        var places = Table(head: ["FACE", "ADDRESS"])
        places.add(["fsi", addresses.base + "/fsi/api/…"])
        places.add(["v3", addresses.base + "/v3/insured/status?cardNo=…"])
        places.add(["envelope", addresses.base + "/epc/api/…"])
        places.add(["SOAP", addresses.base + "/soap?wsdl"])
        places.add(["frames", "\(addresses.host):\(addresses.framePort)"])
        places.add(["OAuth2", addresses.base + "/.well-known/openid-configuration"])
        places.add(["control, live page", addresses.control + "/"])
        let files = addresses.files
        var client = Table(head: ["THE CLIENT NEEDS", "FILE OR VALUE"])
        client.add(["CA to trust", files.authority])
        client.add(["client certificate", files.clientCertificate])
        client.add(["client key", files.clientKey])
        client.add(["both as PKCS#12", files.clientBundle])
        client.add(["its passphrase", files.clientBundlePassphrase])
        client.add(["client id", sandbox.credentials.clientID])
        client.add(["client secret", files.clientSecret])
        client.add(["login name", sandbox.credentials.userName])
        client.add(["login password", files.loginPassword])
        client.add(["institution", "\(institution.code) \(institution.name), \(institution.admvs)"])
        var keys = Table(head: ["PROFILE", "KEY ID", "FILE"])
        for key in sandbox.signingKeyFiles { keys.add([key.profile, key.id, key.file]) }
        return """
            医保平台沙箱已启动（数据均为虚构） · the sandbox is up (made-up data only)

            \(places.text)

            \(client.text)

            \(keys.text)

            信任沙箱 CA · to trust its CA
              curl --cacert \(files.authority) --cert \(files.clientCertificate) --key \(files.clientKey) \\
                \(addresses.base)/.well-known/openid-configuration
              do not add it to the system's store

            虎符接入 · with Hufu
              hufu serve --platform \(files.settings)
            """
    }
}
