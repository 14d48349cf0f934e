extension JacobianPoint {
    /// The coordinates of many points for the price of one inversion; none may be infinity.
    static func normalized(_ points: [JacobianPoint]) -> [AffinePoint] {
        var products: [FieldElement] = []
        products.reserveCapacity(points.count)
        var product = FieldElement.one
        for point in points {
            products.append(product)
            product = product * point.z
        }
        var inverse = product.inverted()
        var affine: [AffinePoint] = []
        affine.reserveCapacity(points.count)
        for index in points.indices.reversed() {
            let own = inverse * products[index]
            inverse = inverse * points[index].z
            let square = own.squared()
            affine.append(AffinePoint(unchecked: points[index].x * square, points[index].y * (square * own)))
        }
        affine.reverse()
        return affine
    }
}
