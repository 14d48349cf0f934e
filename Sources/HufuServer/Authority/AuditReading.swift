import ActivationCodes
package import AuditLog
import Foundation
package import Storage

/// An entry with the personal values behind its commitments, in masked form.
package struct EntryView: Sendable {
    package var index: Int
    package var entry: JSON
    package var personal: JSON?
}

/// A list of entries, which is itself a decision to show personal data.
struct EntryList: Representable {
    var items: [EntryView]
    var json: JSON { ["count": JSON(items.count)] }
}

extension Authority {
    /// A part of the log, newest first unless asked otherwise. Reading it shows personal values, masked, so the
    /// reading itself is logged.
    package func entries(
        _ call: Call, _ filter: EntryFilter, _ page: Page, newestFirst: Bool
    ) async throws -> [EntryView] {
        let from = page.cursor.isEmpty && newestFirst ? 1 << 40 : page.index
        let stored = try await store.read {
            try $0.entries(filter, after: from, newestFirst: newestFirst, limit: page.limit)
        }
        let items = try await views(stored)
        return try await read(call, items, "list")
    }

    package func entry(_ call: Call, index: Int) async throws -> EntryView {
        guard let stored = try await store.read({ try $0.entry(index: index) }) else {
            throw InputError.notFound("entry")
        }
        return try await read(call, try await views([stored]), "show")[0]
    }

    func views(_ stored: [StoredEntry]) async throws -> [EntryView] {
        try views(stored, try await personal.keys(of: stored))
    }

    // Not inlined: the optimizer of Swift 6.3.1 crashes on this inside a coroutine.
    @inline(never)
    private func views(_ stored: [StoredEntry], _ keys: [String: SealingKey]) throws -> [EntryView] {
        try stored.map { entry in
            let revealed = try personal.reveal(entry, keys)
            let masked = revealed.map(PersonalVault.masked)
            return EntryView(
                index: entry.index, entry: try JSON(parsing: Array(entry.body)), personal: masked)
        }
    }

    private func read(_ call: Call, _ items: [EntryView], _ action: String) async throws -> [EntryView] {
        guard items.contains(where: { $0.personal != nil }) else { return items }
        return try await decide(call, "audit.read", action, subject: "log") { _, record in
            record.data = [
                "count": JSON(items.count), "first": JSON(items.map(\.index).min()),
                "last": JSON(items.map(\.index).max()),
            ]
            return .success(EntryList(items: items))
        }.items
    }
}
