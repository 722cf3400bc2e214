using System.Collections.Immutable;
using System.Xml.Linq;
using Recommender.Cli.Reporting;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Tests.Evaluation;
using Recommender.Tests.Models;

namespace Recommender.Tests.Reporting;

public sealed class EvaluationReportTests
{
    private const string Nasty = "<script>alert('a & b')</script> \"\U0001F600\U00020000\U000E0001";

    [Fact]
    public void A_report_is_well_formed_and_asks_for_nothing_outside_itself()
    {
        string html = EvaluationReport.Html(Evaluate(customers: 120, "small.json", "bare.json"));
        XDocument page = XDocument.Parse(html);
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object" or "base");
        Assert.DoesNotContain(page.Descendants().Attributes(),
            attribute => attribute.Name.LocalName is "src" or "href"
            || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        foreach (string reference in (string[])["http:", "https:", "url(", "@import"])
            Assert.DoesNotContain(reference, html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("en", page.Root!.Attribute("lang")!.Value);
        Assert.NotEmpty(page.Descendants("title").First().Value);
    }

    [Fact]
    public void Every_drawing_is_told_in_words_and_has_numbers_only()
    {
        string html = EvaluationReport.Html(Evaluate(customers: 120, "small.json", "bare.json"));
        XElement[] drawings = [.. XDocument.Parse(html).Descendants("svg")];
        Assert.Equal(10, drawings.Length);
        string[] ids = [.. drawings.SelectMany(drawing => drawing.Attribute("aria-labelledby")!.Value.Split(' '))];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(drawings, drawing => Assert.Equal(drawing.Attribute("aria-labelledby")!.Value.Split(' '),
            (string[])[drawing.Element("title")!.Attribute("id")!.Value, drawing.Element("desc")!.Attribute("id")!.Value]));
        Assert.All(drawings, drawing => Assert.True(drawing.Element("desc")!.Value.Length > 20));
        foreach (string wrong in (string[])["NaN", "\u221E", "Infinity", "-0.0000"]) Assert.DoesNotContain(wrong, html, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_what_was_measured_with_the_recipes_the_seed_and_the_command()
    {
        Evaluated evaluated = Evaluate(customers: 120, "small.json", "bare.json");
        string text = XDocument.Parse(EvaluationReport.Html(evaluated)).Root!.Value;
        foreach (RankingSummary ranking in evaluated.Summary.Rankings)
        {
            Assert.Contains(ranking.Name, text, StringComparison.Ordinal);
            foreach (CutoffSummary cutoff in ranking.Cutoffs)
            {
                foreach (Figure figure in (Figure[])[Figure.Recall, Figure.Ndcg, Figure.ReciprocalRank, Figure.Precision])
                    Assert.Contains($"{cutoff.Of(figure).Mean:0.0000}{cutoff.Of(figure).Low:0.0000} to {cutoff.Of(figure).High:0.0000}",
                        text, StringComparison.Ordinal);
            }
        }
        foreach (string said in (string[])[evaluated.Verdict, evaluated.Circumstances.Command, evaluated.Data.Origin, "Seed7",
            "\"regularisation\": 0.005", "4711"])
            Assert.Contains(said, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_and_ids_of_every_plane_are_shown_as_they_are_and_run_nowhere()
    {
        string html = EvaluationReport.Html(Evaluate(customers: 60, Nasty, "\u202Eright to left"));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains(Nasty, XDocument.Parse(html).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Characters_that_no_page_may_hold_do_not_break_it()
    {
        string html = EvaluationReport.Html(Evaluate(customers: 60, "lone\uD800surrogate\u0001\uFFFE", "b"));
        Assert.Contains("lone\uFFFDsurrogate\uFFFD\uFFFD", XDocument.Parse(html).Root!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_report_of_a_customer_or_two_says_that_nothing_can_be_told(int customers)
    {
        Evaluated evaluated = Evaluate(customers, "a", "b");
        Assert.StartsWith("Nothing can be told", evaluated.Verdict, StringComparison.Ordinal);
        Assert.Contains(evaluated.Verdict, XDocument.Parse(EvaluationReport.Html(evaluated)).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_may_have_seen_the_answers_is_shown_with_a_warning()
    {
        Evaluated evaluated = Evaluate(customers: 60, "a", "b");
        evaluated = evaluated with { Models = [evaluated.Models[0] with { TrainCpu = null, Warning = "it has learned all of it" }, evaluated.Models[1]] };
        Assert.Contains("Mind a: it has learned all of it.", XDocument.Parse(EvaluationReport.Html(evaluated)).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_verdict_names_the_better_one_or_says_that_none_can_be_seen()
    {
        EvaluationSummary summary = Evaluate(customers: 120, "trained", "same for all").Summary;
        Assert.StartsWith("trained is better than same for all by ", Verdict.Of(summary, 2, isShuffled: false), StringComparison.Ordinal);
        Assert.Contains("over 120 customers", Verdict.Of(summary, 2, isShuffled: false), StringComparison.Ordinal);
        Assert.StartsWith("trained is better than popularity",
            Verdict.Of(summary with { Comparisons = [summary.Comparisons[0]] }, 1, isShuffled: false), StringComparison.Ordinal);
        Assert.StartsWith("LEAK", Verdict.Of(summary, 2, isShuffled: true), StringComparison.Ordinal);
        PairedComparison pair = summary.Comparisons[2];
        PairedComparison level = pair with { Figures = [.. pair.Figures.Select(one => one with { Difference = new Interval(0.001, -0.01, 0.02) })] };
        Assert.StartsWith("No difference between trained and same for all can be seen with 120 customers: NDCG@3 +0.0010 [-0.0100, +0.0200]",
            Verdict.Of(summary with { Comparisons = [summary.Comparisons[0], summary.Comparisons[1], level] }, 2, isShuffled: false), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_found_where_there_is_nothing_to_find_is_a_leak_only_beyond_what_chance_gives()
    {
        Evaluated evaluated = Evaluate(customers: 120, "trained", "same for all");
        Assert.False(evaluated.Leaks);
        Evaluated shuffled = evaluated with { Data = evaluated.Data with { IsShuffled = true } };
        Assert.True(shuffled.Leaks);
        Assert.StartsWith("LEAK", shuffled.Verdict, StringComparison.Ordinal);
        // Half widths of .01: the first is a little more than two of them above zero, the second a little less.
        AssertLeak(true, new Interval(0.021, 0.011, 0.031));
        AssertLeak(false, new Interval(0.019, 0.009, 0.029));

        void AssertLeak(bool expected, Interval difference)
        {
            PairedComparison[] pairs = [.. shuffled.Summary.Comparisons.Select(pair =>
                pair with { Figures = [.. pair.Figures.Select(one => one with { Difference = difference })] })];
            Evaluated so = shuffled with { Summary = shuffled.Summary with { Comparisons = [.. pairs] } };
            Assert.Equal(expected, so.Leaks);
            Assert.StartsWith(expected ? "LEAK" : "There was nothing to find", so.Verdict, StringComparison.Ordinal);
        }
    }

    // Two kinds of taste; the first has learned them, the second names the same three items to everybody.
    private static Evaluated Evaluate(int customers, string first, string second)
    {
        const int Kinds = 2, ItemsEach = 8;
        TrainingSet set = SmallShop.Kinds(Kinds, 60, ItemsEach);
        InteractionMatrix test = InteractionMatrix.FromPairs(set.People.Count, set.Items.Count,
            Enumerable.Range(0, customers).Select(customer => (customer, SmallShop.LackedItem(customer, Kinds, ItemsEach))));
        TrainedModel model = SmallShop.Train(set, SmallShop.Recipe(factors: 2));
        ImmutableArray<RankingResult> results = RankingEvaluation.Run([new ModelRanking(first, model), new FixedRanking(second, _ => [0, 1, 2]),
            new PopularityRanking(set.Matrix), new RandomRanking(set.Items.Count, 1)], set.Matrix, test,
            new EvaluationOptions { Cutoffs = [1, 3] }, ranked: null, CancellationToken.None);
        EvaluationSummary summary = EvaluationSummary.Of(results, set.Matrix, test, new SummaryOptions { Models = 2, Resamples = 200 }, CancellationToken.None);
        return new Evaluated(MeasuredData.Of(new HoldOut(set, test), "a planted shop", set.Items.Count, isShuffled: false),
            [new MeasuredModel(first, model.Card, TimeSpan.FromSeconds(1), null), new MeasuredModel(second, model.Card, TimeSpan.FromSeconds(1), null)],
            summary, new Circumstances(Seed: 7, "recommender evaluate --train 'a & b.tsv'", "0.1.0+4711",
                new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), 1 << 27), Awkward(set.People));
    }

    private static Vocabulary Awkward(Vocabulary people)
    {
        var builder = new VocabularyBuilder();
        for (int row = 0; row < people.Count; row++) builder.Add($"<{people[row]}>&\U00010348");
        return builder.Build();
    }
}
