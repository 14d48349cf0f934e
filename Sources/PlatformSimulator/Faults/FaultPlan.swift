import InsurancePlatform
import Synchronization

/// The faults in force. Each draws from a sequence of its own, so that the same seed and the same order of
/// calls are struck alike.
final class FaultPlan: Sendable {
    private struct Rule: Sendable {
        let fault: Fault
        var generator: SplitMix64
        /// Unix milliseconds.
        let since: Int64
        var struck = 0

        mutating func strikes(infno: String, callClass: CallClass, now: Int64) -> Bool {
            if fault.isStanding { return false }
            if let count = fault.count, struck >= count { return false }
            if fault.infno ?? infno != infno { return false }
            if infno == FaultPlan.tokenEndpoint, fault.infno == nil { return false }
            if let only = fault.callClass, only != callClass.rawValue { return false }
            if fault.kind == .storm, now - since >= fault.seconds * 1000 { return false }
            guard generator.fraction() < fault.probability else { return false }
            struck += 1
            return true
        }
    }

    private let seed: UInt64
    private let rules = Mutex<[Rule]>([])

    init(seed: UInt64, faults: [Fault], now: Int64) {
        self.seed = seed
        set(faults, now: now)
    }

    func set(_ faults: [Fault], now: Int64) {
        let fresh = faults.enumerated().map { index, fault in
            Rule(
                fault: fault,
                generator: SplitMix64(seed: seed, purpose: "fault \(index) \(fault.kind.rawValue)"),
                since: now)
        }
        rules.withLock { $0 = fresh }
    }

    /// Stands for the token endpoint where a fault names a transaction. Only faults that name it strike it.
    static let tokenEndpoint = "token"

    /// What strikes this call: at most one fault of each kind.
    func strikes(infno: String, now: Int64) -> [Fault] {
        let callClass = CallClass(infno: infno)
        return rules.withLock { rules in
            var struck: [Fault] = []
            for index in rules.indices
            where rules[index].strikes(infno: infno, callClass: callClass, now: now) {
                let fault = rules[index].fault
                if !struck.contains(where: { $0.kind == fault.kind }) { struck.append(fault) }
            }
            return struck
        }
    }

    var json: JSONText {
        .object(["faults": .array(rules.withLock { $0.map { $0.fault.json(struck: $0.struck) } })])
    }

    var kinds: Set<Fault.Kind> { rules.withLock { Set($0.map(\.fault.kind)) } }

    func struckCount(of kind: Fault.Kind) -> Int {
        rules.withLock { $0.filter { $0.fault.kind == kind }.reduce(0) { $0 + $1.struck } }
    }
}
