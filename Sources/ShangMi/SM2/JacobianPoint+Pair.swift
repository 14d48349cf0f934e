extension JacobianPoint {
    /// The coordinates of two points, neither infinity, for the price of one inversion; in constant time.
    static func affinePair(_ p: JacobianPoint, _ q: JacobianPoint) -> (AffinePoint, AffinePoint) {
        let inverse = (p.z * q.z).inverted()
        return (p.affine(inverse: inverse * q.z), q.affine(inverse: inverse * p.z))
    }

    /// - Parameter inverse: 1/Z.
    @inline(__always)
    private func affine(inverse: FieldElement) -> AffinePoint {
        let square = inverse.squared()
        return AffinePoint(unchecked: x * square, y * (square * inverse))
    }
}
