import InsurancePlatform
import Logging

extension RepeatedService {
    /// Takes new certificates when their files change, and warns 30 days before the end.
    static func certificates(
        _ material: TLSMaterial, _ name: String, every interval: Duration,
        _ clock: @escaping @Sendable () -> Int64, _ logger: Logger
    ) -> RepeatedService {
        let warned = WarnedDay()
        return RepeatedService(name: "reading \(name)", interval: interval, logger: logger) {
            let now = clock()
            switch material.reload(now: now) {
            case .unchanged, .stillKept: break
            case .replaced(let generation):
                logger.notice("\(name) were replaced", metadata: ["generation": "\(generation)"])
            case .kept(let error):
                logger.error(
                    "\(name) don't count, the old ones stay in force", metadata: ["error": "\(error)"])
            }
            let health = material.health(now: now)
            guard health.expiresSoon, warned.isNew(day: now / 86_400_000) else { return }
            logger.warning(
                "\(name) end soon",
                metadata: [
                    "certificate_days": "\(health.leafDays.map(String.init) ?? "-")",
                    "roots_days": "\(health.rootsDays.map(String.init) ?? "-")",
                ])
        }
    }
}
