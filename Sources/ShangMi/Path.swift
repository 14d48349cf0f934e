internal import CShangMi

extension ShangMi {
    /// One way through the code that depends on the processor. Public calls take `preferred`; tests and
    /// measurements take every one that is `available`.
    package enum Path: Sendable, Hashable, CaseIterable {
        /// Swift alone.
        case portable
        /// 128 bits: SM4's S-box by way of AES's.
        case aesNI
        /// The same in 256 bits.
        case vaes
        /// 256 bits: SM4's S-box in two instructions.
        case gfni
        /// The same in 512 bits.
        case wideGFNI

        package static let available: [Path] = {
            let features = shangmi_features()
            return allCases.filter { $0.neededFeatures & ~features == 0 }
        }()

        package static let preferred: Path = {
            guard shangmi_portable_is_forced() == 0 else { return .portable }
            return available.last ?? .portable
        }()

        private var neededFeatures: UInt32 {
            let vectors: Int =
                switch self {
                case .portable: 0
                case .aesNI: shangmi_feature_aesni
                case .vaes: shangmi_feature_vaes
                case .gfni: shangmi_feature_gfni
                case .wideGFNI: shangmi_feature_wide_gfni | shangmi_feature_avx512vl
                }
            return UInt32(self == .portable ? 0 : vectors | shangmi_feature_pclmul)
        }
    }
}

extension ShangMi.Path: CustomStringConvertible {
    package var description: String {
        switch self {
        case .portable: "portable"
        case .aesNI: "AES-NI, PCLMULQDQ"
        case .vaes: "VAES, AVX2, PCLMULQDQ"
        case .gfni: "GFNI, AVX2, PCLMULQDQ"
        case .wideGFNI: "GFNI, AVX-512, PCLMULQDQ"
        }
    }
}
