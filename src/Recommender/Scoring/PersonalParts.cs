using System.Numerics.Tensors;
using Recommender.Factorization;
using Recommender.Models;

namespace Recommender.Scoring;

/// <summary>
/// What one person's scores of all items are made of, to be scanned for: a vector for the product with the items' factors, and what is
/// added to it item by item.
/// </summary>
internal sealed class PersonalParts
{
    public PersonalParts(TrainedModel model, VectorKernels kernels)
    {
        (Vector, Added) = (FactorMatrix.Vector(model.ItemFactors.Factors), new AddedScores(model.FixedScores));
        Newcomers = new NewcomerScores(Added, kernels);
    }

    public FactorMatrix Vector { get; }

    public AddedScores Added { get; }

    public NewcomerScores Newcomers { get; }

    /// <summary>Begins with somebody's taste, and a weight of popularity.</summary>
    public void Start(FactorMatrix taste, float factor, float popularity)
    {
        Added.Start(popularity);
        TensorPrimitives.Multiply(taste.Padded, factor, Vector.Padded);
    }
}
