import ArgumentParser
import RequestSigning

/// What sites want written differently within one profile.
struct WritingOptions: ParsableArguments {
    enum Family: String, ExpressibleByArgument, CaseIterable {
        case tif, rio
    }

    @Option(help: "tif only: the names of the fields, x-tif-… or x-rio-….")
    var family = Family.tif

    @Flag(help: "tif only: write the signature in upper-case hex.")
    var upperHex = false

    @Flag(help: "csb only: send the time in seconds. Of equal calls within one the first alone is admitted.")
    var seconds = false

    var options: SigningOptions {
        SigningOptions(
            family: family == .rio ? .rio : .tif, usesUppercaseHex: upperHex,
            resolution: seconds ? .seconds : .milliseconds)
    }
}
