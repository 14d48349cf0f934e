extension ExactJSON {
    private static let nodes = [
        "sign_in": "signIn", "sign_out": "signOut", "fs_upload_in": "fsUploadIn",
        "fs_download_in": "fsDownloadIn",
    ]

    /// An input with the nodes' names as the platform writes them: the profiles that sign every name in snake_case
    /// turn those of four nodes, too.
    public var namingNodes: ExactJSON {
        guard case .object(var members) = self else { return self }
        for (written, name) in Self.nodes where members[name] == nil {
            if let node = members.removeValue(forKey: written) { members[name] = node }
        }
        return .object(members)
    }
}
