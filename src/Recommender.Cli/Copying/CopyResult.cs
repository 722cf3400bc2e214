namespace Recommender.Cli.Copying;

/// <summary>What of one kind is in both places after the copy.</summary>
internal sealed record CopiedKind(string Kind, long From, long To, string FromChecksum, string ToChecksum)
{
    public bool Same => From == To && FromChecksum == ToChecksum;
}

/// <param name="Damaged">What could not be copied, and why.</param>
internal sealed record CopyResult(IReadOnlyList<CopiedKind> Kinds, IReadOnlyList<string> Damaged, bool Resumed)
{
    public bool Complete => Damaged.Count == 0 && Kinds.All(kind => kind.Same);
}
