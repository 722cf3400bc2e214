using System.Collections.Immutable;
using System.Numerics.Tensors;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Popularity;
using Recommender.Repeats;
using Recommender.Scoring;
using Recommender.Similarity;

namespace Recommender.Models;

/// <summary>
/// All that serving needs of one training, immutable: a new model replaces the old by one reference write. Customers are not in it,
/// they are folded in from their histories.
/// </summary>
public sealed class TrainedModel
{
    private FactorCodes? _codes;
    private FixedScores? _fixedScores;

    /// <exception cref="InvalidModelException">The parts are of different sizes, or a number is not finite.</exception>
    internal TrainedModel(ModelCard card, Vocabulary items, FactorMatrix itemFactors, float[] spectrum, ItemPopularity popularity,
        ImmutableArray<ItemNeighbours> similarities, TastePrior taste)
    {
        (Card, Items, ItemFactors, Spectrum) = (card, items, itemFactors, spectrum);
        (Popularity, Similarities, Taste) = (popularity, similarities, taste);
        RequireSize("items in the vocabulary", items.Count);
        RequireSize("rows of item factors", itemFactors.Rows);
        RequireSize("popularities", popularity.Means.Length);
        if (similarities.Length != card.Recipe.Similarities.Length)
            throw new InvalidModelException(
                $"The card's recipe has {card.Recipe.Similarities.Length} item-item parts, the model {similarities.Length}.");
        foreach (ItemNeighbours part in similarities) RequireSize("lists of neighbours", part.ItemCount);
        RequireSize("taste shares", taste.Shares.Length);
        int factors = card.Recipe.Factorization.Factors;
        if (itemFactors.Factors != factors || spectrum.Length != factors)
            throw new InvalidModelException(
                $"The card says {factors} factors, the item factors have {itemFactors.Factors}, the spectrum {spectrum.Length}.");
        if (taste.Covariance.Rows != factors || taste.Covariance.Factors != factors)
            throw new InvalidModelException(
                $"The card says {factors} factors, the taste covariance is {taste.Covariance.Rows} x {taste.Covariance.Factors}.");
        RequireFinite(itemFactors, item => $"The factors of item '{items[item]}'");
        RequireFinite("The spectrum", spectrum);
        RequireFinite("The popularity", popularity.Means);
        foreach (ItemNeighbours part in similarities)
            InParts.Do(part.AllSimilarities, some => RequireFinite("The neighbours' similarities", some));
        RequireFinite("The taste shares", taste.Shares);
        RequireFinite(taste.Covariance, _ => "The taste covariance");
        Rates = new AnswerRates(items, itemFactors, taste, card.Customers, card.Recipe.Prior.AnswerRate);
    }

    public ModelCard Card { get; }

    /// <summary>Numbers of items in factors, masks and answers.</summary>
    public Vocabulary Items { get; }

    /// <summary>Items x factors, in the basis in which their Gramian is diagonal.</summary>
    public FactorMatrix ItemFactors { get; }

    public ItemPopularity Popularity { get; }

    /// <summary>The item-item parts, as many and in the order of the recipe's.</summary>
    public ImmutableArray<ItemNeighbours> Similarities { get; }

    /// <summary>The customers as they were when it was trained, for data scientists; null in a model that was loaded to serve.</summary>
    public CustomerFactors? Customers { get; internal init; }

    /// <summary>What attributes mean, so that new items have a place; null where the training knew none.</summary>
    public ItemPlacement? Placement { get; internal init; }

    /// <summary>How often and when items are bought again; null where the training knew no times.</summary>
    /// <exception cref="InvalidModelException">They are of another number of items: such a model could not be read again.</exception>
    public RepeatRates? Repeats
    {
        get;
        internal init
        {
            if (value is not null) RequireSize("shares of buyers who came back", value.Shares.Length);
            if (value is not null) RequireSize("intervals between purchases", value.Days.Length);
            field = value;
        }
    }

    /// <summary>Eigenvalues of the items' Gramian, greatest first, one a factor.</summary>
    internal float[] Spectrum { get; }

    /// <summary>What is believed of somebody before the first answer.</summary>
    internal TastePrior Taste { get; }

    /// <summary>How often each column is answered with yes when it is asked about.</summary>
    internal AnswerRates Rates { get; }

    /// <summary>The item factors rounded for scans: made when they are first asked for, unless whoever loads the model made them.</summary>
    internal FactorCodes Codes
    {
        get => LazyInitializer.EnsureInitialized(ref _codes, () => FactorCodes.Of(ItemFactors, threads: 1, CancellationToken.None));
        init => _codes = value;
    }

    /// <summary>The popularity as it is added to scores: made when it is first asked for.</summary>
    internal FixedScores FixedScores =>
        LazyInitializer.EnsureInitialized(ref _fixedScores, () => new FixedScores(Popularity.Means));

    /// <summary>The same model under another card: what was measured of it is known only when it is there.</summary>
    public TrainedModel With(ModelCard card) => With(card, Customers);

    /// <summary>The same model with its customers, who are not read to serve.</summary>
    public TrainedModel With(CustomerFactors customers) => With(Card, customers);

    private TrainedModel With(ModelCard card, CustomerFactors? customers) =>
        new(card, Items, ItemFactors, Spectrum, Popularity, Similarities, Taste)
        {
            Customers = customers,
            Placement = Placement,
            Repeats = Repeats,
            _codes = _codes,
            _fixedScores = _fixedScores,
        };

    private void RequireSize(string what, int count)
    {
        if (count != Card.Items) throw new InvalidModelException($"The card says {Card.Items} items, there are {count} {what}.");
    }

    private static void RequireFinite(FactorMatrix matrix, Func<int, string> what) => InParts.Do(matrix.Rows, (from, to) =>
    {
        for (int row = from; row < to; row++)
        {
            if (!TensorPrimitives.IsFiniteAll(matrix.Row(row))) RequireFinite(what(row), matrix.Row(row));
        }
    });

    private static void RequireFinite(string what, ReadOnlySpan<float> values)
    {
        if (TensorPrimitives.IsFiniteAll(values)) return;
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) throw new InvalidModelException($"{what} hold {value}.");
        }
    }
}

/// <summary>Vectors of the customers (and visitors) of the training set, in the items' space.</summary>
public sealed record CustomerFactors(Vocabulary People, FactorMatrix Factors);
