/// A word whose bits stand for as many bytes in parallel.
protocol BitPlane {
    static func ^ (left: Self, right: Self) -> Self
    static func & (left: Self, right: Self) -> Self
}

extension UInt32: BitPlane {}

/// Bytes cut into eight planes: bit k of every byte lies in plane `bk`.
struct BitPlanes<Plane: BitPlane> {
    var b0, b1, b2, b3, b4, b5, b6, b7: Plane

    @inline(__always)
    static func ^ (left: Self, right: Self) -> Self {
        Self(
            b0: left.b0 ^ right.b0, b1: left.b1 ^ right.b1, b2: left.b2 ^ right.b2, b3: left.b3 ^ right.b3,
            b4: left.b4 ^ right.b4, b5: left.b5 ^ right.b5, b6: left.b6 ^ right.b6, b7: left.b7 ^ right.b7)
    }

    @inline(__always)
    func map(_ change: (Plane) -> Plane) -> Self {
        Self(
            b0: change(b0), b1: change(b1), b2: change(b2), b3: change(b3), b4: change(b4), b5: change(b5),
            b6: change(b6), b7: change(b7))
    }
}
