using System.Collections.Immutable;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Popularity;
using Recommender.Repeats;
using Recommender.Similarity;

namespace Recommender.Models;

/// <summary>
/// The files of a model folder, as streams: where they lie is the storage's business. Besides the card there are the vocabulary and
/// the tensors that serving reads, and those of the customers, which only data scientists read.
/// </summary>
public static class ModelFiles
{
    public const string Card = "model.json";
    public const string Items = "items.txt";
    public const string ServingTensors = "model.safetensors";
    public const string RepeatTensors = "repeats.safetensors";
    public const string Customers = "customers.txt";
    public const string CustomerTensors = "customers.safetensors";

    /// <summary>Writes every file but the card. <paramref name="create"/> opens one by its name; it is disposed when written.</summary>
    public static void Write(TrainedModel model, Func<string, Stream> create)
    {
        Write(create, Items, model.Items.WriteTo);
        Write(create, ServingTensors, stream => Safetensors.Write(stream,
        [
            Safetensors.Of("item_factors", model.ItemFactors),
            Safetensors.Of("gramian_eigenvalues", model.Spectrum),
            Safetensors.Of("popularity", model.Popularity.Means.ToArray()),
            Safetensors.Of("taste_shares", model.Taste.Shares),
            Safetensors.Of("taste_covariance", model.Taste.Covariance),
            .. model.Similarities.SelectMany((part, k) => (Safetensors.Tensor[])
            [
                Safetensors.Of($"similarity_{k}_starts", part.Starts.ToArray()),
                Safetensors.Of($"similarity_{k}_items", part.Items.ToArray()),
                Safetensors.Of($"similarity_{k}_values", part.Similarities.ToArray()),
            ]),
        ]));
        if (model.Placement is { } placement) PlacementFiles.Write(placement, create);
        if (model.Repeats is { } repeats)
        {
            Write(create, RepeatTensors, stream => Safetensors.Write(stream,
                [Safetensors.Of("repeat_shares", repeats.Shares.ToArray()), Safetensors.Of("repeat_days", repeats.Days.ToArray())]));
        }
        if (model.Customers is not { } customers) return;
        Write(create, Customers, customers.People.WriteTo);
        Write(create, CustomerTensors, stream => Safetensors.Write(stream, [Safetensors.Of("customer_factors", customers.Factors)]));
    }

    /// <summary>Reads what serving needs.</summary>
    /// <param name="card">The folder's card.</param>
    /// <param name="open">Opens a file by its name; it is disposed when read.</param>
    /// <exception cref="InvalidModelException">A file is corrupt or foreign, the sizes disagree, or a number is not finite.</exception>
    public static TrainedModel Read(ModelCard card, Func<string, Stream> open)
    {
        Vocabulary items = ReadVocabulary(Items, open);
        using Stream tensors = open(ServingTensors);
        var reader = new SafetensorsReader(tensors, ServingTensors);
        FactorMatrix factors = reader.Matrix("item_factors");
        float[] spectrum = reader.Floats("gramian_eigenvalues");
        float[] popularity = reader.Floats("popularity");
        var taste = new TastePrior(reader.Floats("taste_shares"), reader.Matrix("taste_covariance"));
        ImmutableArray<ItemNeighbours> similarities = [.. card.Recipe.Similarities.Select((_, k) => ReadNeighbours(reader, k, items.Count))];
        reader.End();
        return new TrainedModel(card, items, factors, spectrum, new ItemPopularity(popularity), similarities, taste)
        {
            Placement = card.Features > 0 ? PlacementFiles.Read(card, open) : null,
            Repeats = card.Repeats ? ReadRepeats(card, open) : null,
        };
    }

    private static RepeatRates ReadRepeats(ModelCard card, Func<string, Stream> open)
    {
        using Stream tensors = open(RepeatTensors);
        var reader = new SafetensorsReader(tensors, RepeatTensors);
        float[] shares = reader.Floats("repeat_shares"), days = reader.Floats("repeat_days");
        reader.End();
        if (shares.Length != card.Items || days.Length != card.Items || !shares.All(float.IsFinite) || !days.All(float.IsFinite))
            throw new InvalidModelException(
                $"'{RepeatTensors}' has {shares.Length} shares and {days.Length} intervals for {card.Items} items, or one of them is no number.");
        return new RepeatRates([.. shares], [.. days]);
    }

    /// <summary>Reads the customers of a model as they were when it was trained; null where it was kept without them.</summary>
    /// <exception cref="InvalidModelException">A file is corrupt or foreign.</exception>
    public static CustomerFactors? ReadCustomers(ModelCard card, Func<string, Stream> open)
    {
        if (!card.Files.ContainsKey(CustomerTensors)) return null;
        Vocabulary people = ReadVocabulary(Customers, open);
        using Stream tensors = open(CustomerTensors);
        var reader = new SafetensorsReader(tensors, CustomerTensors);
        FactorMatrix factors = reader.Matrix("customer_factors");
        reader.End();
        if (factors.Rows != people.Count || factors.Factors != card.Recipe.Factorization.Factors)
            throw new InvalidModelException(
                $"'{CustomerTensors}' has {factors.Rows} x {factors.Factors} factors for {people.Count} people and "
                    + $"{card.Recipe.Factorization.Factors} factors.");
        return new CustomerFactors(people, factors);
    }

    private static ItemNeighbours ReadNeighbours(SafetensorsReader reader, int part, int items)
    {
        long[] starts = reader.Longs($"similarity_{part}_starts");
        int[] neighbours = reader.Ints($"similarity_{part}_items");
        float[] values = reader.Floats($"similarity_{part}_values");
        RequireRows(starts, neighbours, values, items);
        return new ItemNeighbours(starts, neighbours, values);
    }

    private static void Write(Func<string, Stream> create, string name, Action<Stream> write)
    {
        using Stream stream = create(name);
        write(stream);
    }

    private static Vocabulary ReadVocabulary(string name, Func<string, Stream> open)
    {
        using Stream stream = open(name);
        try
        {
            return Vocabulary.ReadFrom(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidModelException($"'{name}' is no vocabulary: {e.Message}", e);
        }
    }

    private static void RequireRows(long[] starts, int[] neighbours, float[] similarities, int items)
    {
        bool ordered = starts.Length > 0 && starts[0] == 0 && starts[^1] == neighbours.Length && similarities.Length == neighbours.Length;
        for (int row = 1; ordered && row < starts.Length; row++) ordered = starts[row] >= starts[row - 1];
        if (!ordered) throw new InvalidModelException($"'{ServingTensors}' has starts of neighbours that do not fit its {neighbours.Length} neighbours.");
        int outside = Array.FindIndex(neighbours, item => (uint)item >= (uint)items);
        if (outside >= 0) throw new InvalidModelException($"'{ServingTensors}' has item {neighbours[outside]} among its neighbours; there are {items} items.");
    }
}
