using System.Collections.Immutable;

namespace Recommender.Evaluation;

/// <summary>What one ranking reached, over all customers and by bands.</summary>
/// <param name="Name">Of the ranking.</param>
/// <param name="Cutoffs">One a length of list.</param>
/// <param name="ByActivity">One a band of customers, at the headline's length.</param>
/// <param name="ByItems">One a band of items, at the headline's length.</param>
/// <param name="Lorenz">At the headline's length: <see cref="Concentration.Lorenz"/>.</param>
public sealed record RankingSummary(string Name, ImmutableArray<CutoffSummary> Cutoffs, ImmutableArray<ActivityFigures> ByActivity,
    ImmutableArray<ItemFigures> ByItems, ImmutableArray<double> Lorenz)
{
    public CutoffSummary At(int cutoff) => Cutoffs.First(summary => summary.At == cutoff);
}

/// <param name="At">Length of the list.</param>
/// <param name="Figures">By <see cref="Figure"/>.</param>
/// <param name="Coverage">Part of the catalogue that stood in some list.</param>
/// <param name="Gini">Of the exposures.</param>
public sealed record CutoffSummary(int At, ImmutableArray<Interval> Figures, double Coverage, double Gini)
{
    public Interval Of(Figure figure) => Figures[(int)figure];
}

/// <summary>One ranking's figures for one band of customers.</summary>
/// <param name="Band">Its name.</param>
/// <param name="Customers">How many were measured.</param>
/// <param name="Figures">By <see cref="Figure"/>.</param>
public sealed record ActivityFigures(string Band, int Customers, ImmutableArray<Interval> Figures)
{
    public Interval Of(Figure figure) => Figures[(int)figure];
}

/// <summary>What of one ranking's lists fell on one band of items; all parts are 0 to 1.</summary>
/// <param name="Band">Its name.</param>
/// <param name="Items">How many it holds.</param>
/// <param name="Train">Its part of the training interactions.</param>
/// <param name="Test">Its part of what was to be found.</param>
/// <param name="Lists">Its part of the places in the lists.</param>
/// <param name="Hits">Its part of what was found.</param>
/// <param name="Recall">Of what was to be found in it, the part that was found; null where nothing was.</param>
/// <param name="Coverage">Part of it that stood in some list.</param>
public sealed record ItemFigures(string Band, int Items, double Train, double Test, double Lists, double Hits, double? Recall, double Coverage);
