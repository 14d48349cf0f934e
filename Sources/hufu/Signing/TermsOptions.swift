import ActivationClient
import ArgumentParser
import RequestSigning

/// What both sides agreed on beside the key.
struct TermsOptions: ParsableArguments {
    enum Signer: String, ExpressibleByArgument, CaseIterable {
        case appSecret = "app-secret"
        case standard
    }

    enum Order: String, ExpressibleByArgument, CaseIterable {
        case codePoint = "code-point"
        case caseInsensitive = "case-insensitive"
    }

    @Option(help: "gm only: the SM2 user id. Default: 1234567812345678.")
    var userID: String?

    @Option(help: "envelope only: whose user id SM2 takes, app-secret or standard.")
    var signer = Signer.appSecret

    @Option(help: "envelope only: how names sort, code-point or case-insensitive.")
    var keyOrder = Order.codePoint

    @Option(help: "envelope only: 2.0.1 for mobile payment, 1.0.0 for e-prescriptions.")
    var envelopeVersion = "2.0.1"

    var terms: SigningKeyTerms {
        SigningKeyTerms(
            userID: userID, signer: signer == .standard ? .standard : .appSecret,
            keyOrder: keyOrder == .caseInsensitive ? .caseInsensitive : .codePoint, version: envelopeVersion)
    }
}
