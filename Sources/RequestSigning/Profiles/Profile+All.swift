extension Profile {
    /// Every profile there is, in the order in which a request's marks are looked for.
    public static let all: [Profile] = [
        .v320, .v321, .v330, .gm, .tif, .csb, .rfc9421, .envelope, .fsiSM,
    ]

    public init?(id: String) {
        guard let profile = Self.all.first(where: { $0.id == id }) else { return nil }
        self = profile
    }
}
