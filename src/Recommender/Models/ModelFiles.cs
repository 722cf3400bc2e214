using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Popularity;
using Recommender.Repeats;
using Recommender.Scoring;
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

    private const string Factors = "item_factors";
    private const string ZeroRows = "item_factors_zero_rows";

    /// <summary>
    /// Writes every file but the card. Items are numbered anew, by falling length of their factors (<see cref="ItemOrder"/>): what is read
    /// again says the same of every id. <paramref name="create"/> opens a file by its name; it is disposed when written.
    /// </summary>
    public static void Write(TrainedModel model, Func<string, Stream> create)
    {
        ItemOrder order = ItemOrder.ByLength(model.ItemFactors, model.Items);
        Write(create, Items, order.Of(model.Items).WriteTo);
        // What is used where it lies comes first, each where its numbers may begin: factors on cache lines, then what is eight bytes long.
        Safetensors.Tensor[] similarities = [.. model.Similarities.SelectMany((part, k) => order.Tensors(k, part))];
        Write(create, ServingTensors, stream => Safetensors.Write(stream,
        [
            order.Tensor(Factors, model.ItemFactors),
            Safetensors.ZeroRows(ZeroRows, model.ItemFactors.Rows, model.ItemFactors.Factors),
            .. similarities.Where(tensor => tensor.Dtype == Safetensors.Int64),
            .. similarities.Where(tensor => tensor.Dtype != Safetensors.Int64),
            Safetensors.Of("gramian_eigenvalues", model.Spectrum),
            Safetensors.Of("popularity", order.Of(model.Popularity.Means)),
            Safetensors.Of("taste_shares", order.Of<float>(model.Taste.Shares)),
            Safetensors.Of("taste_covariance", model.Taste.Covariance),
        ]));
        if (model.Placement is { } placement) PlacementFiles.Write(placement, order, create);
        if (model.Repeats is { } repeats)
        {
            Write(create, RepeatTensors, stream => Safetensors.Write(stream,
                [Safetensors.Of("repeat_shares", order.Of(repeats.Shares.AsSpan())), Safetensors.Of("repeat_days", order.Of(repeats.Days.AsSpan()))]));
        }
        if (model.Customers is not { } customers) return;
        Write(create, Customers, customers.People.WriteTo);
        Write(create, CustomerTensors, stream => Safetensors.Write(stream, [Safetensors.Of("customer_factors", customers.Factors)]));
    }

    /// <summary>The files that <see cref="Read"/> opens: what is not served need not be whole.</summary>
    public static IReadOnlyList<string> ToServe(ModelCard card) =>
    [
        Items, ServingTensors, .. card.Features > 0 ? [PlacementFiles.Names, PlacementFiles.Tensors] : (string[])[], .. card.Repeats ? [RepeatTensors] : (string[])[],
    ];

    /// <summary>Reads what serving needs. Of a <see cref="MappedStream"/> factors and neighbours are used where they lie; else they are copied.</summary>
    /// <param name="card">The folder's card.</param>
    /// <param name="open">Opens a file by its name; it is disposed when read.</param>
    /// <param name="known">Items that somebody holds in memory already; their ids are not held twice.</param>
    /// <exception cref="InvalidModelException">A file is corrupt or foreign, the sizes disagree, or a number is not finite.</exception>
    public static TrainedModel Read(ModelCard card, Func<string, Stream> open, Vocabulary? known = null)
    {
        if (card.Items < 1) throw new InvalidModelException($"The card says {card.Items} items: a model without items has no answers. Train once more.");
        Vocabulary items = ReadVocabulary(Items, open, known);
        using Stream tensors = open(ServingTensors);
        var reader = new SafetensorsReader(tensors, ServingTensors);
        FactorMatrix factors = reader.Matrix(Factors, ZeroRows);
        float[] spectrum = reader.Floats("gramian_eigenvalues");
        float[] popularity = reader.Floats("popularity");
        var taste = new TastePrior(reader.Floats("taste_shares"), reader.Matrix("taste_covariance"));
        ImmutableArray<ItemNeighbours> similarities = [.. card.Recipe.Similarities.Select((_, k) => ReadNeighbours(reader, k, items.Count))];
        reader.End();
        return new TrainedModel(card, items, factors, spectrum, new ItemPopularity(popularity), similarities, taste)
        {
            Placement = card.Features > 0 ? PlacementFiles.Read(card, open) : null,
            Repeats = card.Repeats ? ReadRepeats(card, open) : null,
            // Now, on all cores: the first to ask would else wait for it.
            Codes = FactorCodes.Of(factors, threads: -1, CancellationToken.None),
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
        Vocabulary people = ReadVocabulary(Customers, open, known: null);
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
        Numbers<long> starts = reader.Numbers<long>($"similarity_{part}_starts", Safetensors.Int64);
        Numbers<int> neighbours = reader.Numbers<int>($"similarity_{part}_items", Safetensors.Int32);
        Numbers<float> values = reader.Numbers<float>($"similarity_{part}_values", Safetensors.Float32);
        RequireRows(starts, neighbours, values, items);
        return new ItemNeighbours(starts, neighbours, values);
    }

    private static void Write(Func<string, Stream> create, string name, Action<Stream> write)
    {
        using Stream stream = create(name);
        write(stream);
    }

    private static Vocabulary ReadVocabulary(string name, Func<string, Stream> open, Vocabulary? known)
    {
        using Stream stream = open(name);
        try
        {
            return Vocabulary.ReadFrom(stream, known);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidModelException($"'{name}' is no vocabulary: {e.Message}", e);
        }
    }

    private static void RequireRows(Numbers<long> starts, Numbers<int> neighbours, Numbers<float> similarities, int items)
    {
        bool ordered = starts.Count == items + 1L && starts[0] == 0 && starts[items] == neighbours.Count && similarities.Count == neighbours.Count;
        for (int row = 1; ordered && row <= items; row++) ordered = starts[row] >= starts[row - 1] && starts[row] - starts[row - 1] <= items;
        if (!ordered)
            throw new InvalidModelException($"'{ServingTensors}' has starts of neighbours that do not fit its {neighbours.Count} neighbours and {similarities.Count} similarities of {items} items.");
        InParts.Do(neighbours, part =>
        {
            // As unsigned numbers those below 0 are the greatest.
            if (part.IsEmpty || TensorPrimitives.Max(MemoryMarshal.Cast<int, uint>(part)) < (uint)items) return;
            foreach (int item in part)
            {
                if ((uint)item >= (uint)items) throw new InvalidModelException($"'{ServingTensors}' has item {item} among its neighbours; there are {items} items.");
            }
        });
    }
}
