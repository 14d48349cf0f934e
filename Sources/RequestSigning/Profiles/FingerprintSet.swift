/// A set of 63-bit fingerprints, each with a mark, in open addressing: 8 bytes a place, no allocation an entry.
///
/// It grows when four fifths are taken: by half, and beyond 4,096 places by a quarter, so that an entry of a large set
/// takes 10–12.5 bytes. The lowest bit is the mark's, and no part of the fingerprint.
struct FingerprintSet {
    static let mark: UInt64 = 1

    /// Zero is a free place.
    private var places: [UInt64] = []
    private(set) var count = 0

    var byteCount: Int { places.count * 8 }

    /// The fingerprint with its mark; zero if it isn't in the set.
    func entry(_ fingerprint: UInt64) -> UInt64 {
        if places.isEmpty { return 0 }
        return places.withUnsafeBufferPointer { $0[Self.place(of: fingerprint, in: $0)] }
    }

    /// - Parameter fingerprint: with or without its mark; not zero without it, and not in the set.
    mutating func insert(_ fingerprint: UInt64) {
        if (count + 1) * 5 > places.count * 4 { grow() }
        let place = places.withUnsafeBufferPointer { Self.place(of: fingerprint, in: $0) }
        places[place] = fingerprint
        count += 1
    }

    private mutating func grow() {
        let old = places
        places = [UInt64](repeating: 0, count: max(16, old.count + old.count / (old.count < 4096 ? 2 : 4)))
        places.withUnsafeMutableBufferPointer { places in
            for fingerprint in old where fingerprint != 0 {
                places[Self.place(of: fingerprint, in: UnsafeBufferPointer(places))] = fingerprint
            }
        }
    }

    /// Where the fingerprint is, or the free place where it belongs; one place in five is free.
    @inline(__always)
    private static func place(of fingerprint: UInt64, in places: UnsafeBufferPointer<UInt64>) -> Int {
        // The highest bits pick the shard, those below them the place.
        let spread = (fingerprint & ~mark) << UInt64(NonceShard.indexBits)
        var place = Int(spread.multipliedFullWidth(by: UInt64(places.count)).high)
        while places[place] != 0, (places[place] ^ fingerprint) > mark {
            place += 1
            if place == places.count { place = 0 }
        }
        return place
    }
}
