using System.Runtime.InteropServices;
using Recommender.Evaluation;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Questionnaires;

/// <summary>
/// One thread's respondents, one after the other: what is told goes into the elicitation and into the list, which is the one that would
/// be served.
/// </summary>
internal sealed class Respondent
{
    public const int ListLength = 20;

    private readonly Scorer _scorer;
    private readonly ItemMask _ranked;
    private readonly ScoredItem[] _top;
    private readonly List<int> _yes = [];
    private readonly List<int> _no = [];
    private float[] _ones = new float[64];

    /// <param name="model">Made without the respondents.</param>
    /// <param name="ranked">Items that may be recommended.</param>
    public Respondent(TrainedModel model, ItemMask ranked)
    {
        (_scorer, _ranked, Elicitation) = (new Scorer(model), ranked, new Elicitation(model));
        _top = new ScoredItem[Math.Min(ListLength, model.Items.Count)];
        Array.Fill(_ones, 1);
    }

    public Elicitation Elicitation { get; }

    public int YesCount => _yes.Count;

    public void Start()
    {
        Elicitation.Start(_ranked);
        _yes.Clear();
        _no.Clear();
    }

    public void Tell(int column, bool yes)
    {
        Elicitation.Tell(column, yes);
        (yes ? _yes : _no).Add(column);
    }

    /// <summary>NDCG@20 of the list after what was told; only what was answered with yes is left out of it.</summary>
    public double Ndcg(ReadOnlySpan<int> test)
    {
        if (_ones.Length < _yes.Count) Array.Fill(_ones = new float[_yes.Count * 2], 1);
        ReadOnlySpan<int> yes = CollectionsMarshal.AsSpan(_yes);
        int count = _scorer.Personalised(yes, _ones.AsSpan(0, yes.Length), CollectionsMarshal.AsSpan(_no), _ranked, yes, _top);
        return RankingMetrics.Of(_top.AsSpan(0, count), test, ListLength).Ndcg;
    }
}
