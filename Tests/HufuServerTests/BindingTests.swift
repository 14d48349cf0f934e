import ActivationCodes
import AuditLog
import Crypto
import Foundation
import Testing

@Suite("Binding devices")
struct BindingTests {
    @Test("A wrong signature is refused, and its challenge is used up")
    func wrongSignature() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode()
            let device = TestDevice()
            let activation = try await server.activate(code.code).json
            var forged = try device.bindingBody(code.code, activation)
            forged["signature"] = try TestDevice().bindingBody(code.code, activation)["signature"]
            let wrong = try await server.request("POST", "/v1/bindings", body: forged)
            #expect(wrong.status == 403 && wrong.code == "proof_invalid")
            let right = try device.bindingBody(code.code, activation)
            #expect(try await server.request("POST", "/v1/bindings", body: right).code == "challenge_invalid")
            let id = activation["activation_id"]?.string ?? ""
            let challenge = try await server.expect(
                201, "POST", "/v1/activations/\(id)/challenges", body: ["code": .string(code.code)])
            let next = try device.bindingBody(code.code, activation, challenge: challenge.json)
            try await server.expect(201, "POST", "/v1/bindings", body: next)
            #expect(try await server.request("POST", "/v1/bindings", body: next).code == "challenge_invalid")
        }
    }

    @Test("A challenge holds five minutes and for its own activation only")
    func challenges() async throws {
        try await RunningServer.run(clock: .frozen) { server in
            let code = try await server.issueCode(policy: ["device_limit": 5])
            let device = TestDevice()
            let first = try await server.activate(code.code).json
            let second = try await server.activate(code.code).json
            let crossed = try device.bindingBody(code.code, first, challenge: second["challenge"])
            #expect(
                try await server.request("POST", "/v1/bindings", body: crossed).code == "challenge_invalid")
            server.clock.advance(seconds: 299)
            try await server.expect(
                201, "POST", "/v1/bindings", body: try device.bindingBody(code.code, first))
            server.clock.advance(seconds: 2)
            let late = try await server.request(
                "POST", "/v1/bindings", body: try device.bindingBody(code.code, second))
            #expect(late.status == 403 && late.code == "challenge_invalid")
            let other = try await server.issueCode()
            let foreign = try device.bindingBody(other.code, second)
            #expect(try await server.request("POST", "/v1/bindings", body: foreign).code == "not_found")
        }
    }

    @Test(
        "No more devices than the limit, also when they race; a known key counts no second time",
        .timeLimit(.minutes(10)))
    func deviceLimit() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["device_limit": 2, "usage_limit": 50])
            let devices = (0..<10).map { TestDevice(machine: $0) }
            let answers = try await concurrently(10) { try await server.bind(devices[$0], code) }
            #expect(answers.filter { $0.status == 201 }.count == 2)
            #expect(answers.filter { $0.code == "device_limit" }.count == 8)
            #expect(
                try await server.accepted(devices, code) == 2, "bound keys bind again and count no device")
            let detail = try await server.expect(200, "GET", "/v1/codes/\(code.id)", as: .auditor)
            #expect(detail["devices"]?.integer == 2 && detail["state"]?.string == "bound")
        }
    }

    @Test("A bound key on another machine is refused")
    func copiedKey() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode()
            let device = TestDevice()
            #expect(try await server.bind(device, code).status == 201)
            var copy = device
            copy.components = TestDevice(machine: 9).components
            let answer = try await server.bind(copy, code)
            #expect(answer.status == 403 && answer.code == "device_mismatch")
            #expect(try await server.bind(device, code).status == 201)
        }
    }

    @Test(
        "A machine is recognized by as many components as the policy says",
        arguments: [("any", 1), ("two", 2), ("most", 3), ("all", 4)])
    func matching(rule: String, needed: Int) async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["fingerprint_matching": .string(rule)])
            let device = TestDevice()
            let token = try await server.bind(device, code).string("access_token")
            let names = device.components.keys.sorted()
            for same in 0...4 {
                var machine = TestDevice(machine: 2).components
                for name in names.prefix(same) { machine[name] = device.components[name] }
                let fingerprint = JSON.object(machine.mapValues { .string($0.base64URLText) })
                let answers = [
                    try await server.validate(code.code, fingerprint: fingerprint),
                    try await server.request(
                        "POST", "/v1/validations", token: token, body: ["fingerprint": fingerprint]),
                ]
                for answer in answers {
                    #expect(answer.status == (same >= needed ? 200 : 403), "\(same) of 4 under \(rule)")
                    if same < needed { #expect(answer.code == "device_mismatch") }
                }
            }
        }
    }

    @Test("A fingerprint too small for its rule can't be bound")
    func smallFingerprint() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["fingerprint_matching": "two"])
            #expect(try await server.bind(TestDevice(["cpu"]), code).code == "device_mismatch")
            #expect(try await server.bind(TestDevice(["cpu", "mac"]), code).status == 201)
        }
    }

    @Test("A key that was fixed when the code was issued is the only one that binds")
    func fixedKey() async throws {
        try await RunningServer.run { server in
            let device = TestDevice()
            let code = try await server.issueCode(
                policy: ["device_limit": 3], terms: ["binding_key": .string(device.thumbprint.base64URLText)])
            let other = try await server.bind(TestDevice(machine: 2), code)
            #expect(other.status == 403 && other.code == "binding_key_mismatch")
            #expect(try await server.bind(device, code).status == 201)
        }
    }

    @Test("A released device is refused everywhere, for good; its place is free")
    func released() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode()
            let device = TestDevice()
            let bound = try await server.bind(device, code)
            let binding = try bound.string("binding_id")
            let token = try bound.string("access_token")
            try await server.expect(200, "POST", "/v1/validations", token: token, body: [:])
            try await server.expect(200, "DELETE", "/v1/bindings/\(binding)", as: .issuer)
            try await server.expect(403, "DELETE", "/v1/bindings/\(binding)", as: .issuer)
            let validation = try await server.request("POST", "/v1/validations", token: token, body: [:])
            #expect(validation.status == 403 && validation.code == "device_revoked")
            let usage = try await server.request("POST", "/v1/usage", token: token, body: ["amount": 1])
            #expect(usage.code == "device_revoked")
            let challenge = try await server.request("POST", "/v1/bindings/\(binding)/challenges", body: [:])
            let renewal = try await server.request(
                "POST", "/v1/bindings/\(binding)/tokens",
                body: try device.tokenBody(binding: binding, challenge: challenge.json))
            #expect(renewal.status == 403 && renewal["access_token"] == nil)
            #expect(try await server.bind(device, code).code == "device_revoked")
            let known = try await server.validate(code.code, fingerprint: device.fingerprint)
            #expect(known.code == "device_mismatch")
            let detail = try await server.expect(200, "GET", "/v1/codes/\(code.id)", as: .auditor)
            #expect(detail["devices"]?.integer == 0 && detail["state"]?.string == "bound")
            #expect(try await server.bind(TestDevice(machine: 2), code).status == 201)
        }
    }

    @Test(
        "A released device hears everything that stands against it; who proves no key hears nothing of the code"
    )
    func releasedAndMore() async throws {
        try await RunningServer.run(clock: .frozen) { server in
            let code = try await server.issueCode(policy: ["duration": "10m"])
            let device = TestDevice()
            let bound = try await server.bind(device, code)
            let binding = try bound.string("binding_id")
            let token = try bound.string("access_token")
            let activation = try await server.activate(code.code).json
            try await server.expect(200, "DELETE", "/v1/bindings/\(binding)", as: .issuer)
            try await server.expect(
                200, "POST", "/v1/codes/\(code.id)/revocation", as: .issuer, body: ["reason": "superseded"])
            server.clock.advance(seconds: 600)
            func challenge(_ path: String, _ body: JSON = [:]) async throws -> JSON {
                try await server.expect(201, "POST", path + "/challenges", body: body).json
            }
            func ask(_ name: String, _ path: String, token: String? = nil, _ body: JSON) async throws
                -> [String]
            {
                let id = "released-\(name)"
                let answer = try await server.request(
                    "POST", path, token: token, body: body, headers: ["X-Request-Id": id])
                let entry = try await server.entry(ofRequest: id)
                if answer.checks.count > 1 {
                    #expect(entry?["data"]?["failed_checks"]?.array?.compactMap(\.string) == answer.checks)
                }
                #expect(entry?["reason"]?.string == answer.checks.first, "\(name)")
                #expect((answer["valid_until"] != nil) == answer.checks.contains("expired"), "\(name)")
                return answer.checks
            }
            let all = ["device_revoked", "revoked", "expired"]
            #expect(try await ask("validation", "/v1/validations", token: token, [:]) == all)
            #expect(try await ask("usage-call", "/v1/usage", token: token, ["amount": 1]) == all)
            let key: JSON = ["profile": "v3.2.0"]
            #expect(try await ask("signing-key", "/v1/signing-keys", token: token, key) == all)
            let tokens = "/v1/bindings/\(binding)"
            let right = try device.tokenBody(binding: binding, challenge: try await challenge(tokens))
            #expect(try await ask("token", tokens + "/tokens", right) == all)
            let stranger = try TestDevice().tokenBody(
                binding: binding, challenge: try await challenge(tokens))
            #expect(try await ask("proof", tokens + "/tokens", stranger) == ["proof_invalid"])
            #expect(try await ask("challenge", tokens + "/tokens", right) == ["challenge_invalid"])
            let path = "/v1/activations/\(try #require(activation["activation_id"]?.string))"
            let fresh = try await challenge(path, ["code": .string(code.code)])
            var again = try device.bindingBody(code.code, activation, challenge: fresh)
            #expect(try await ask("binding", "/v1/bindings", again) == all)
            let next = try await challenge(path, ["code": .string(code.code)])
            again = try device.bindingBody(code.code, activation, challenge: next)
            again["signature"] = right["signature"]
            #expect(try await ask("forged-binding", "/v1/bindings", again) == ["proof_invalid"])
        }
    }

    @Test("A revoked or suspended code refuses its devices at once")
    func revokedCode() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode()
            let token = try await server.bind(TestDevice(), code).string("access_token")
            func validate() async throws -> Answer {
                try await server.request("POST", "/v1/validations", token: token, body: [:])
            }
            #expect(try await validate().status == 200)
            try await server.expect(200, "POST", "/v1/codes/\(code.id)/suspension", as: .issuer, body: [:])
            #expect(try await validate().code == "suspended")
            try await server.expect(200, "DELETE", "/v1/codes/\(code.id)/suspension", as: .issuer)
            #expect(try await validate().status == 200)
            try await server.expect(
                200, "POST", "/v1/codes/\(code.id)/revocation", as: .issuer, body: ["reason": "superseded"])
            #expect(try await validate().code == "revoked")
        }
    }

    @Test("A token is renewed only by the bound key, over a fresh challenge of this binding")
    func renewal() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["device_limit": 2])
            let devices = [TestDevice(machine: 1), TestDevice(machine: 2)]
            var bindings: [String] = []
            for device in devices {
                bindings.append(try await server.bind(device, code).string("binding_id"))
            }
            func challenge(_ number: Int) async throws -> JSON {
                try await server.expect(201, "POST", "/v1/bindings/\(bindings[number])/challenges", body: [:])
                    .json
            }
            func renew(_ body: JSON) async throws -> Answer {
                try await server.request("POST", "/v1/bindings/\(bindings[0])/tokens", body: body)
            }
            let right = try devices[0].tokenBody(binding: bindings[0], challenge: try await challenge(0))
            let renewed = try await renew(right)
            #expect(renewed.status == 200)
            let token = try renewed.string("access_token")
            try await server.expect(200, "POST", "/v1/validations", token: token, body: [:])
            #expect(try await renew(right).code == "challenge_invalid")
            let stranger = try devices[1].tokenBody(binding: bindings[0], challenge: try await challenge(0))
            #expect(try await renew(stranger).code == "proof_invalid")
            let crossed = try devices[0].tokenBody(binding: bindings[0], challenge: try await challenge(1))
            #expect(try await renew(crossed).code == "challenge_invalid")
            var moved = devices[0]
            moved.components = TestDevice(machine: 3).components
            let elsewhere = try moved.tokenBody(binding: bindings[0], challenge: try await challenge(0))
            #expect(try await renew(elsewhere).code == "device_mismatch")
        }
    }
}

extension RunningServer {
    /// How many of the devices may bind to the code now.
    fileprivate func accepted(_ devices: [TestDevice], _ code: IssuedForTest) async throws -> Int {
        var accepted = 0
        for device in devices where try await bind(device, code).status == 201 { accepted += 1 }
        return accepted
    }
}
