namespace Recommender.Tests;

/// <summary>For tests that look at what belongs to the whole process, such as its memory: they run when no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
