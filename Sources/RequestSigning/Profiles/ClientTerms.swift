public import ShangMi

/// What the client id of `fsi-sm` makes: the user of its SM2 signatures and its SM4 key (section E).
public struct ClientTerms: Sendable {
    /// The key id as well; 16 printable characters of ASCII.
    public let clientID: String
    public let userID: SM2.UserID
    let dataKey: SM4.Key

    /// - Throws: `key_malformed` unless the id is 16 characters from `!` to `~`, no comma.
    public init(clientID: String) throws(SigningRefusal) {
        guard clientID.utf8.count == 16, KeyIdentifier.isWellFormed(clientID) else { throw Self.malformed }
        do {
            userID = try SM2.UserID(clientID)
            dataKey = try SM4.Key(Array(clientID.utf8))
        } catch {
            throw Self.malformed
        }
        self.clientID = clientID
    }

    private static var malformed: SigningRefusal {
        SigningRefusal(.keyMalformed, "A client id is 16 printable ASCII characters.")
    }
}
