using Recommender.Factorization;
using Recommender.Models;

namespace Recommender.Tuning;

/// <summary>
/// How closely a trial looks. Low ones rank settings well for a small part of the cost; what they find is measured again higher up
/// (Li et al. 2018). Only figures of the same fidelity are compared.
/// </summary>
/// <param name="Name">For the board.</param>
/// <param name="Factors">At most so many, whatever the recipe says.</param>
/// <param name="Sweeps">At most so many.</param>
/// <param name="Customers">So many are measured.</param>
internal sealed record Fidelity(string Name, int Factors, int Sweeps, int Customers)
{
    public static readonly Fidelity Coarse = new("coarse", 64, 8, 1_500);
    public static readonly Fidelity Fine = new("fine", 128, 12, 4_000);
    public static readonly Fidelity Full = new("full", int.MaxValue, int.MaxValue, 8_000);

    /// <summary>What is fitted in place of the recipe's factorization.</summary>
    public FactorizationOptions Of(FactorizationOptions options) =>
        options with { Factors = Math.Min(options.Factors, Factors), Sweeps = Math.Min(options.Sweeps, Sweeps) };

    public Recipe Of(Recipe recipe) => recipe with { Factorization = Of(recipe.Factorization) };
}
