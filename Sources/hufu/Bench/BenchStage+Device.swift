import ActivationCodes
import Crypto
import Foundation
import HufuServer
import Storage

extension BenchStage {
    /// A new code, and a device bound to it: what it calls the authority as.
    func device() async throws -> Call {
        let authority = server.authority
        guard let secret = try await issue(2).first else {
            throw CommandFailure(.environment, "error: no code was issued")
        }
        let activation = try await authority.activate(call, secret)
        let key = P256.Signing.PrivateKey()
        let proof =
            "hufu-binding-v1\n\(activation.challenge.id.lowercased)\n\(activation.challenge.value.base64URL)\n"
            + "\(activation.id.lowercased)\n\(key.publicKey.thumbprint.base64URL)\n"
        let machine = Data(SHA256.hash(data: Data("bench".utf8)))
        let bound = try await authority.bind(
            call,
            BindingRequest(
                secret: secret, activationID: activation.id, challengeID: activation.challenge.id,
                publicKey: key.publicKey, fingerprint: try DeviceFingerprint(["machine_id": machine]),
                signature: try key.signature(for: Data(proof.utf8))))
        return Self.call(.device(bindingID: bound.binding.id, codeIndex: bound.binding.codeIndex))
    }
}
