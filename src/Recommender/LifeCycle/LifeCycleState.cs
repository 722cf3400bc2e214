namespace Recommender.LifeCycle;

/// <summary>
/// Where one person stands: all that a nightly pass needs, without the events, in 40 bytes. Made by <see cref="StageRules"/>; the default
/// value is somebody of whom nothing is known.
/// </summary>
public readonly record struct LifeCycleState
{
    public LifeCycleStage Stage { get; internal init; }

    /// <summary>The day the stage began on.</summary>
    public DateOnly Since { get; internal init; }

    public PurchaseRhythm Rhythm { get; internal init; }

    /// <summary>Whether anything at all is known of the person.</summary>
    public bool Known { get; internal init; }

    /// <summary>Purchases in a row that brought nothing new.</summary>
    internal byte Steady { get; init; }

    /// <summary>Purchases since expansion began.</summary>
    internal byte Expanding { get; init; }
}

/// <summary>A person's stage and how it came about.</summary>
/// <param name="Transitions">Oldest first. Everybody begins in exploration.</param>
public sealed record StageHistory(LifeCycleState State, IReadOnlyList<StageTransition> Transitions);
