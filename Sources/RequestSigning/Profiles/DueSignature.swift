/// A message that is about to be signed, with all that goes into it.
struct DueSignature: Sendable {
    let message: HTTPMessage
    /// Unix milliseconds.
    let time: Int64
    let nonce: String
    let key: SigningKey
    let options: SigningOptions
    let limits: JSONLimits

    /// Unix seconds.
    var seconds: Int64 { UnixTime.seconds(time) }

    static var unfit: SigningRefusal {
        SigningRefusal(.keyNotForProfile, "The key is of a kind that the profile doesn't use.")
    }
}
