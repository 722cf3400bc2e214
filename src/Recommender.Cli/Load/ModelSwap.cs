namespace Recommender.Cli.Load;

/// <summary>Another version of the model was put in service.</summary>
/// <param name="Begin">When the server was asked to, from the beginning of the step.</param>
/// <param name="End">When it said that it had.</param>
internal readonly record struct ModelSwap(TimeSpan Begin, TimeSpan End)
{
    /// <summary>
    /// Whether the requests of a second may have felt it: from its beginning, since reading the model costs most, to the second after its end, in
    /// which memory is still being given back.
    /// </summary>
    public bool Concerns(int second) => second >= (int)Begin.TotalSeconds && second <= (int)End.TotalSeconds + 1;
}
