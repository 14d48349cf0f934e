import ActivationCodes
import AuditLog
import Crypto
import Foundation

/// A machine with a key and a fingerprint, that signs what the server asks it to.
struct TestDevice: Sendable {
    let key = P256.Signing.PrivateKey()
    var components: [String: Data]

    /// Components named by what they are and told apart by a number.
    init(_ components: [String] = ["machine_id", "cpu", "disk", "mac"], machine: Int = 1) {
        self.components = Dictionary(
            uniqueKeysWithValues: components.map { name in
                (name, Data(SHA256.hash(data: Data("\(machine) \(name)".utf8))))
            })
    }

    var thumbprint: Data { key.publicKey.thumbprint }

    var fingerprint: JSON { .object(components.mapValues { .string($0.base64URLText) }) }

    var publicKey: JSON {
        let raw = key.publicKey.rawRepresentation
        return [
            "kty": "EC", "crv": "P-256", "x": .string(raw.prefix(32).base64URLText),
            "y": .string(raw.suffix(32).base64URLText),
        ]
    }

    /// What `POST /v1/bindings` takes, signed over the challenge that came with the activation.
    func bindingBody(_ code: String, _ activation: JSON, challenge: JSON? = nil) throws -> JSON {
        let challenge = challenge ?? activation["challenge"] ?? .null
        let id = activation["activation_id"]?.string ?? ""
        let text = """
            hufu-binding-v1
            \(challenge["id"]?.string ?? "")
            \(challenge["value"]?.string ?? "")
            \(id)
            \(thumbprint.base64URLText)

            """
        return [
            "code": .string(code), "activation_id": .string(id), "challenge_id": challenge["id"] ?? .null,
            "public_key": publicKey, "fingerprint": fingerprint, "signature": .string(try sign(text)),
        ]
    }

    /// What `POST /v1/bindings/{id}/tokens` takes.
    func tokenBody(binding: String, challenge: JSON) throws -> JSON {
        let id = challenge["id"]?.string ?? ""
        let text = "hufu-token-v1\n\(id)\n\(challenge["value"]?.string ?? "")\n\(binding)\n"
        return [
            "challenge_id": .string(id), "fingerprint": fingerprint, "signature": .string(try sign(text)),
        ]
    }

    private func sign(_ text: String) throws -> String {
        try key.signature(for: Data(text.utf8)).rawRepresentation.base64URLText
    }
}

extension RunningServer {
    /// Activates the code and binds the device; the answer may be a refusal.
    func bind(_ device: TestDevice, _ code: IssuedForTest) async throws -> Answer {
        let activation = try await activate(code.code)
        guard activation.status == 201 else {
            throw UnexpectedAnswer(request: "activate", answer: activation)
        }
        return try await request(
            "POST", "/v1/bindings", body: try device.bindingBody(code.code, activation.json))
    }
}

extension Data {
    var base64URLText: String {
        base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(
            of: "/", with: "_"
        )
        .replacingOccurrences(of: "=", with: "")
    }

    init?(base64URLText text: some StringProtocol) {
        let plain = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        self.init(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
    }
}
