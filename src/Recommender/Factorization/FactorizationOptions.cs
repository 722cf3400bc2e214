using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Recommender.Tuning;

namespace Recommender.Factorization;

/// <summary>
/// Settings of implicit alternating least squares (Hu, Koren, Volinsky 2008, with the regularisation of Rendle et al. 2021):
/// minimise <c>sum_S c (1 - w.h)^2 + a0 sum_all (w.h)^2 + l sum_rows (C_row + a0 n)^nu |row|^2</c>, where C_row is the sum of a row's
/// confidences and n the number of rows on the other side.
/// </summary>
public sealed record FactorizationOptions
{
    /// <summary>Who fits the factors: "als", which this describes, or one that a build with more packages has (models/README.md).</summary>
    [MinLength(1)]
    public string Trainer { get; init; } = FactorTrainers.Als;

    /// <summary>Length of each factor vector. More separate finer tastes; training cost grows with its square, scoring linearly.</summary>
    [Range(1, 1024)]
    public int Factors { get; init; } = 192;

    /// <summary>How often customers and items are solved in turn. Quality settles after about 16.</summary>
    [Range(1, 1000)]
    public int Sweeps { get; init; } = 16;

    /// <summary>Ends the sweeps when they stop helping; null does them all.</summary>
    public EarlyStoppingOptions? EarlyStopping { get; init; }

    /// <summary>a0: how sure we are that what was never touched is not wanted. Higher favours niche items, lower popular ones.</summary>
    [Range(1e-6, 10.0), Searched(0.001, 0.5, Logarithmic = true)]
    public double UnobservedWeight { get; init; } = 0.02;

    /// <summary>l: pulls factors to zero. Higher smooths tastes, lower follows the data more closely.</summary>
    [Range(1e-8, 100.0), Searched(0.0003, 0.1, Logarithmic = true)]
    public double Regularisation { get; init; } = 0.003;

    /// <summary>nu: 1 regularises a row in proportion to its evidence (best with many factors), 0 every row alike.</summary>
    [Range(0.0, 2.0)]
    public double RegularisationExponent { get; init; } = 1;

    /// <summary>Factors start as N(0, (this / sqrt(Factors))^2).</summary>
    [Range(1e-4, 10.0)]
    public double InitialScale { get; init; } = 0.1;

    /// <summary>How each row is solved.</summary>
    public FactorSolver Solver { get; init; } = FactorSolver.ConjugateGradient;

    /// <summary>Conjugate-gradient steps a row and half-step, each from where the row was. 3 reach what an exact solve reaches.</summary>
    [Range(1, 100)]
    public int ConjugateGradientSteps { get; init; } = 3;

    /// <summary>
    /// Factors that the subspace solver solves at once, in steps of 32. More need fewer sweeps, and cost more each; as many as there are
    /// factors solve each row exactly.
    /// </summary>
    [Range(1, 1024)]
    public int SubspaceBlock { get; init; } = 64;

    /// <summary>The ridge of a row whose confidences add up to <paramref name="confidence"/> against <paramref name="others"/> rows.</summary>
    internal float Ridge(double confidence, int others) =>
        (float)(Regularisation * Math.Pow(confidence + UnobservedWeight * others, RegularisationExponent));
}

/// <summary>How a half-step solves a row.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FactorSolver>))]
public enum FactorSolver
{
    /// <summary>A few steps of conjugate gradients on all factors.</summary>
    [JsonStringEnumMemberName("conjugate_gradient")]
    ConjugateGradient,

    /// <summary>Exactly, but only some factors at a time.</summary>
    [JsonStringEnumMemberName("subspace")]
    Subspace,
}
