package import InsurancePlatform

/// One institution's way to the platform, as this server settles by it.
package struct SettlementSite: Sendable {
    /// Guarded, signed and authorized: whatever it takes.
    package var platform: any Platform
    /// 12 letters and digits: by it the platform keeps its books.
    package var fixmedinsCode: String
    /// `setl_optins`: who clears.
    package var setlOptins: String
    /// Who asks where nobody does: statements, files.
    package var sender: PlatformCall.Sender
    /// A message identifier that was never given before.
    package var newMessageID: @Sendable () -> String
    /// Who is signed in there.
    package var signIns: SignIns
    /// What is compared every day even if the journal has nothing of it: what only the platform has shows so.
    package var alwaysCompared: [Group]

    package struct Group: Sendable, Hashable {
        package var insutype: String
        package var clrType: String

        package init(insutype: String, clrType: String) {
            self.insutype = insutype
            self.clrType = clrType
        }
    }

    package init(
        platform: any Platform, fixmedinsCode: String, setlOptins: String, sender: PlatformCall.Sender,
        newMessageID: @escaping @Sendable () -> String, signIns: SignIns = SignIns(),
        alwaysCompared: [Group] = []
    ) {
        self.platform = platform
        self.fixmedinsCode = fixmedinsCode
        self.setlOptins = setlOptins
        self.sender = sender
        self.newMessageID = newMessageID
        self.signIns = signIns
        self.alwaysCompared = alwaysCompared
    }

    /// The sign-in of ``sender``.
    var signNo: String? { signIns.current(sender.id) }
}
