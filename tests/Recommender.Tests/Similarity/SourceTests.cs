using Recommender.Models;
using Recommender.Similarity;

namespace Recommender.Tests.Similarity;

public sealed class RandomWalkSourceTests : SourceContract
{
    private protected override Recipe Recipe => Alone(new RandomWalkOptions());
}

public sealed class ItemKnnSourceTests : SourceContract
{
    private protected override Recipe Recipe => Alone(new ItemKnnOptions());
}

public sealed class SparseEaseSourceTests : SourceContract
{
    private protected override Recipe Recipe => Alone(new SparseEaseOptions { Regularisation = 2 });
}

public sealed class EaseSourceTests : SourceContract
{
    private protected override Recipe Recipe => Alone(new EaseOptions { Regularisation = 2 });
}

public sealed class FactorsSourceTests : SourceContract
{
    private protected override Recipe Recipe => Alone(new RandomWalkOptions()) with { Similarities = [], Blend = new() };
}

public sealed class SeveralSourcesTests : SourceContract
{
    private protected override Recipe Recipe => Alone(new RandomWalkOptions()) with
    {
        Similarities = [new SparseEaseOptions { Regularisation = 2 }, new ItemKnnOptions { Weight = 0 }, new RandomWalkOptions { Weight = 0.5 }],
        Blend = new() { Factors = 0.5 },
    };
}
