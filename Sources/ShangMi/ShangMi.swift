/// What this library is built of, and whether it works here.
public enum ShangMi {
    /// The code that does the work in this process.
    public enum Implementation: Sendable, Hashable, CustomStringConvertible {
        /// Swift alone.
        case portable
        /// Swift with the processor's instructions of these names for SM4, GHASH and many messages of SM3.
        case accelerated(String)

        public var description: String {
            switch self {
            case .portable: "portable"
            case .accelerated(let instructions): instructions
            }
        }
    }

    /// Chosen once, from what the processor and the system allow; always portable in a process that starts
    /// with `SHANGMI_PORTABLE=1` in its environment.
    public static var implementation: Implementation {
        let path = Path.preferred
        return path == .portable ? .portable : .accelerated(path.description)
    }
}
