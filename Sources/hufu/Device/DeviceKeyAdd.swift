import ActivationClient
import ArgumentParser
import AuditLog
import Foundation
import RequestSigning

struct DeviceKeyAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Register a key of this device for one version of the signature.",
        discussion: """
            Several keys of one profile may hold at once; `hufu call` takes the newest. To rotate, add a key, then \
            revoke the old one.

            EXAMPLES
              hufu device key add --profile v3.2.0
              hufu device key add --profile envelope --signer standard --key-order case-insensitive
            """)

    @OptionGroup var device: DeviceOptions

    @Option(help: "The version: \(Profile.idList).")
    var profile: Profile

    @Option(help: "rfc9421 only: \(SignatureAlgorithm.allValueStrings.joined(separator: ", ")).")
    var algorithm: SignatureAlgorithm?

    @OptionGroup var terms: TermsOptions

    @Option(help: "How long it holds, such as P90D. Default: until it is revoked.")
    var validFor: String?

    func validate() throws {
        guard algorithm == nil || profile == .rfc9421 else {
            throw ValidationError("--algorithm goes with --profile rfc9421")
        }
    }

    func run() async throws {
        let key = try await device.client().addSigningKey(
            for: profile, algorithm: algorithm, terms: terms.terms, validFor: validFor)
        var json: JSON = [
            "key_id": .string(key.id), "profile": .string(key.profile.id),
            "binding_id": .string(key.bindingID.uuidString.lowercased()),
            "created_at": .string(key.createdAt.rfc3339),
        ]
        json["algorithm"] = key.algorithm.map { .string($0.rawValue) }
        json["expires_at"] = key.expiresAt.map { .string($0.rfc3339) }
        guard !device.json else { return print(json.canonicalText) }
        Table.printRecord(
            json, ["key_id", "profile", "algorithm", "binding_id", "created_at", "expires_at"])
    }
}
