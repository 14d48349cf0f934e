#if arch(x86_64)
    internal import CShangMi

    /// The C functions of each path; nil where Swift does the work.
    extension ShangMi.Path {
        typealias Keys = UnsafePointer<UInt32>
        typealias Source = UnsafePointer<UInt8>
        typealias Target = UnsafeMutablePointer<UInt8>

        var blocks: (@convention(c) (Keys, Source, Target, Int) -> Void)? {
            switch self {
            case .portable: nil
            case .aesNI: unsafe shangmi_sm4_blocks_aesni
            case .vaes: unsafe shangmi_sm4_blocks_vaes
            case .gfni: unsafe shangmi_sm4_blocks_gfni
            case .wideGFNI: unsafe shangmi_sm4_blocks_wide_gfni
            }
        }

        var counter: (@convention(c) (Keys, Source, Source, Target, Int) -> Void)? {
            switch self {
            case .portable: nil
            case .aesNI: unsafe shangmi_sm4_counter_aesni
            case .vaes: unsafe shangmi_sm4_counter_vaes
            case .gfni: unsafe shangmi_sm4_counter_gfni
            case .wideGFNI: unsafe shangmi_sm4_counter_wide_gfni
            }
        }

        var chain: (@convention(c) (Keys, Target, Source, Target, Int) -> Void)? {
            switch self {
            case .portable: nil
            case .aesNI, .vaes: unsafe shangmi_sm4_chain_aesni
            case .gfni, .wideGFNI: unsafe shangmi_sm4_chain_gfni
            }
        }
    }
#endif
