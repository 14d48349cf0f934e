internal import SwiftASN1

#if canImport(FoundationEssentials)
    internal import struct FoundationEssentials.Date
#else
    internal import struct Foundation.Date
#endif

/// A second of a validity (RFC 5280, 4.1.2.5): UTCTime from 1950 through 2049, GeneralizedTime otherwise.
struct CertificateTime: DERParseable, DERSerializable, Hashable, Sendable {
    /// Since 1970-01-01T00:00:00Z, without leap seconds.
    let seconds: Int

    private static let secondsADay = 86_400

    /// The whole second that the date lies in.
    ///
    /// Refused with `invalidTemplate` outside of the years 1…9999.
    init(_ date: Date) throws(SM2CertificateError) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        guard (-62_135_596_800...253_402_300_799).contains(seconds) else {
            throw SM2CertificateError(.invalidTemplate, "the date lies outside of the years 1…9999")
        }
        self.seconds = Int(seconds)
    }

    init(derEncoded node: ASN1Node) throws {
        switch node.identifier {
        case .utcTime:
            let time = try UTCTime(derEncoded: node)
            seconds =
                Self.days(year: time.year, month: time.month, day: time.day) * Self.secondsADay
                + time.hours * 3600 + time.minutes * 60 + time.seconds
        case .generalizedTime:
            let time = try GeneralizedTime(derEncoded: node)
            seconds =
                Self.days(year: time.year, month: time.month, day: time.day) * Self.secondsADay
                + time.hours * 3600 + time.minutes * 60 + time.seconds
        default: throw ASN1Error.unexpectedFieldType(node.identifier)
        }
    }

    /// Fractions and leap seconds don't come out again, so that a parser that compares refuses them.
    func serialize(into coder: inout DER.Serializer) throws {
        let (days, second) = seconds.flooredQuotientAndRemainder(dividingBy: Self.secondsADay)
        let date = Self.date(days: days)
        let (hours, minutes, seconds) = (second / 3600, second / 60 % 60, second % 60)
        if (1950..<2050).contains(date.year) {
            try coder.serialize(
                UTCTime(
                    year: date.year, month: date.month, day: date.day, hours: hours, minutes: minutes,
                    seconds: seconds))
        } else {
            try coder.serialize(
                GeneralizedTime(
                    year: date.year, month: date.month, day: date.day, hours: hours, minutes: minutes,
                    seconds: seconds, fractionalSeconds: 0))
        }
    }

    var date: Date { Date(timeIntervalSince1970: Double(seconds)) }

    /// Days from 1970-01-01, in the Gregorian calendar. Years are counted from March, so that the leap day
    /// comes last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let (era, yearOfEra) = year.flooredQuotientAndRemainder(dividingBy: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (days + 719_468).flooredQuotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

extension Int {
    /// The quotient rounded down, and the remainder that is never negative.
    fileprivate func flooredQuotientAndRemainder(dividingBy divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
