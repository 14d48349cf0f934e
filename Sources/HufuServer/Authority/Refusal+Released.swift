import ActivationCodes

extension Refusal {
    /// A released device that proved its key, and whatever else stands against what it asked for.
    static func released(_ others: Refusal?) -> Refusal {
        Refusal([Check(.deviceRevoked)] + (others?.checks ?? []), validUntil: others?.validUntil)
    }
}
