using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Repeats;
using Recommender.Scoring;
using Recommender.Similarity;

namespace Recommender.Models;

/// <summary>
/// Everything that decides how a model learns and answers, beside the data and the seed. Kept as JSON (<c>models/recipes/*.json</c>)
/// and inside every model it made. A recipe of <c>{}</c> is the default one.
/// </summary>
public sealed record Recipe
{
    /// <summary>What each event teaches.</summary>
    public ConfidenceOptions Confidence { get; init; } = new();

    /// <summary>How tastes are learned.</summary>
    public FactorizationOptions Factorization { get; init; } = new();

    /// <summary>The item-item parts, each by its kind. None is as good as any number: the factors then answer alone.</summary>
    public ImmutableArray<SimilarityOptions> Similarities { get; init; } =
        [new SparseEaseOptions { Weight = 3, GrowsAt = 40 }, new RandomWalkOptions { FadesAt = 20 }];

    /// <summary>How popularity steadies what is inferred from little.</summary>
    public PriorOptions Prior { get; init; } = new();

    /// <summary>How the factors and the item-item parts are put together.</summary>
    public BlendOptions Blend { get; init; } = new();

    /// <summary>How items that nobody has dealt with yet are placed among the others.</summary>
    public NewItemOptions NewItems { get; init; } = new();

    /// <summary>How much a person's own habit counts where what was bought may come back.</summary>
    public RepeatOptions Repeats { get; init; } = new();

    /// <summary>Reads JSON (comments and trailing commas allowed).</summary>
    /// <exception cref="InvalidRecipeException">Not JSON, an unknown key, a value of the wrong type or out of its range.</exception>
    public static Recipe Parse(ReadOnlyMemory<byte> json) => StrictJson.Read<Recipe>(json) is { } recipe
        ? recipe.Validated()
        : throw new InvalidRecipeException("The recipe is null; an empty one is {}.");

    /// <inheritdoc cref="Parse"/>
    public static Recipe ReadFrom(Stream stream)
    {
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return Parse(buffer.ToArray());
    }

    /// <summary>The whole recipe, defaults included, as indented JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StrictJson.Options);

    /// <summary>This recipe, if every value is in its range.</summary>
    /// <exception cref="InvalidRecipeException">Names the value, its range and what it was.</exception>
    public Recipe Validated()
    {
        if (Similarities.IsDefault || Similarities.Contains(null!))
            throw new InvalidRecipeException("'similarities' is a list of parts, none of them null; [] leaves them out.");
        if (NewItems.Ignored.IsDefault || NewItems.Ignored.Contains(null!))
            throw new InvalidRecipeException("'new_items.ignored' is a list of attributes; [] ignores none.");
        try
        {
            Confidence.Validate();
            foreach (object part in (object[])[Factorization,
                .. (Factorization.EarlyStopping is { } early ? [early] : Array.Empty<object>()), .. Similarities, Prior, Blend,
                NewItems, Repeats])
                Validator.ValidateObject(part, new ValidationContext(part), validateAllProperties: true);
        }
        catch (ValidationException e)
        {
            throw new InvalidRecipeException($"{e.Message} It is {e.Value ?? "not set"}.", e);
        }
        return this;
    }

    public bool Equals(Recipe? other) => other is not null && Similarities.SequenceEqual(other.Similarities)
        && (Confidence, Factorization, Prior, Blend, NewItems, Repeats) == (other.Confidence, other.Factorization, other.Prior, other.Blend,
            other.NewItems, other.Repeats);

    public override int GetHashCode() => HashCode.Combine(Confidence, Factorization, Similarities.Length, Prior, Blend, NewItems, Repeats);
}

/// <summary>A recipe that cannot be used; the message says which key or value, and what would be right.</summary>
public sealed class InvalidRecipeException : Exception
{
    public InvalidRecipeException(string message) : base(message) { }

    public InvalidRecipeException(string message, Exception cause) : base(message, cause) { }
}
