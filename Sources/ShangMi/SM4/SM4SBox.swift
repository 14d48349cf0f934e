/// The S-box of GB/T 32907-2016, 6.2, as a circuit of 111 gates: no table, no branch, so its time says
/// nothing about the bytes.
///
/// The S-box is A(1/(A(x) + c)) + c over GF(2^8). The inversion goes down to GF(2^4) as Boyar and Peralta do
/// it for AES (their middle 63 gates); the linear layers on both sides are this field's, with the field
/// isomorphism and a scale chosen among all 2040 for the fewest gates. The constants c are no part of the
/// circuit: a flip of the input and of the output, which callers fold into their keys.
enum SM4SBox {
    // S(x) = circuit(x ^ flipIn) ^ flipOut.
    static let flipIn: UInt8 = 0x75
    static let flipOut: UInt8 = 0xd3

    @inline(__always)
    static func circuit<Plane: BitPlane>(_ x: BitPlanes<Plane>) -> BitPlanes<Plane> {
        let (b0, b1, b2, b3) = (x.b0, x.b1, x.b2, x.b3)
        let (b4, b5, b6, b7) = (x.b4, x.b5, x.b6, x.b7)
        // The 22 linear forms that the products below take.
        let (y9, u0, u1) = (b2 ^ b6, b0 ^ b4, b3 ^ b5)
        let (y1, y8, y19, y12) = (y9 ^ b7, b1 ^ y9, u0 ^ b6, b0 ^ u1)
        let (y18, y10, y17, y16) = (b5 ^ y19, y8 ^ y19, u0 ^ y8, u1 ^ b6)
        let (y6, y13, y0, y7) = (y10 ^ y1, b1 ^ y12, u1 ^ y1, y16 ^ y1)
        let (y15, y2, y21) = (y10 ^ u1, y18 ^ y7, y13 ^ y16)
        let (y4, y5) = (y9 ^ y2, y13 ^ y2)
        let y3 = y8 ^ y5
        // Down to GF(2^4), inverted there.
        let (t2, t3, t5, t7) = (y12 & y15, y3 & y6, y4 & y0, y13 & y16)
        let (t4, t6, t8, t10) = (t3 ^ t2, t5 ^ t2, y5 & y1, y2 & y7)
        let (t9, t11, t12, t13) = (t8 ^ t7, t10 ^ t7, y9 & b6, b1 & y17)
        let (t14, t15) = (t13 ^ t12, y8 & y10)
        let (t16, t17, t19) = (t15 ^ t12, t4 ^ t14, t9 ^ t14)
        let (t18, t20, t21, t23) = (t6 ^ t16, t11 ^ t16, t17 ^ b2, t19 ^ y21)
        let (t22, t24, t26) = (t18 ^ y19, t20 ^ y18, t21 & t23)
        let (t25, t27, t30, t31) = (t21 ^ t22, t24 ^ t26, t23 ^ t24, t22 ^ t26)
        let (t28, t32) = (t25 & t27, t31 & t30)
        let (t29, t33) = (t28 ^ t22, t32 ^ t24)
        let (t34, t35, t42) = (t23 ^ t33, t27 ^ t33, t29 ^ t33)
        let t36 = t24 & t35
        let (t37, t38) = (t36 ^ t34, t27 ^ t36)
        let (t39, t44) = (t29 & t38, t33 ^ t37)
        let t40 = t25 ^ t39
        let (t41, t43) = (t40 ^ t37, t29 ^ t40)
        let t45 = t42 ^ t41
        // Up again: 18 products.
        let (z0, z1, z2, z3) = (t44 & y15, t37 & y6, t33 & y0, t43 & y16)
        let (z4, z5, z6, z7) = (t40 & y1, t29 & y7, t42 & b6, t45 & y17)
        let (z8, z9, z10, z11) = (t41 & y10, t44 & y12, t37 & y3, t33 & y4)
        let (z12, z13, z14, z15) = (t43 & y13, t40 & y5, t29 & y2, t42 & y9)
        let (z16, z17) = (t45 & b1, t41 & y8)
        // The linear forms of the products that are the result.
        let (w0, w1, w7, w9) = (z0 ^ z2, z7 ^ z8, z11 ^ z14, z9 ^ z12)
        let (w2, w3, w10, w11) = (z3 ^ w0, z4 ^ w1, z17 ^ z14, z6 ^ z8)
        let (w4, w12, w15, w19) = (w3 ^ w2, w11 ^ w0, z15 ^ z12, z1 ^ z2)
        let (w5, w16, w20, w21) = (z13 ^ w4, w15 ^ w10, w19 ^ w1, z5 ^ w2)
        let (w6, w17, o1, o7) = (z10 ^ w5, z16 ^ w5, w4 ^ w16, w7 ^ w9)
        let (w8, w13, w18) = (w6 ^ w7, w12 ^ w6, w17 ^ w10)
        let (w14, o5, o6) = (w13 ^ w9, w20 ^ w8, w21 ^ w18)
        let o2 = w14 ^ w18
        return BitPlanes(b0: w14, b1: o1, b2: o2, b3: w16, b4: w8, b5: o5, b6: o6, b7: o7)
    }
}
