using Recommender.Pressure;

namespace Recommender.Tests.Pressure;

public sealed class PressureTests
{
    private static readonly DateTimeOffset _now = new(2026, 6, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(2, new[] { 6 }, true, 0)]
    [InlineData(2, new[] { 6, 1 }, false, 1)] // free when the one of six days ago leaves the week
    [InlineData(2, new[] { 6, 5, 1 }, false, 2)] // over budget already: when only one is left
    [InlineData(1, new int[0], true, 0)]
    public void A_budget_says_when_it_has_room_again(int most, int[] daysAgo, bool allowed, int freeInDays)
    {
        var decision = PressureDecision.Of(new ContactLimit("few", ["mail"], _now.AddDays(-7), most), [.. daysAgo.Select(day => _now.AddDays(-day))], _now);

        Assert.Equal(allowed, decision.Allowed);
        Assert.Equal(allowed ? null : _now.AddDays(freeInDays), decision.AllowedFrom);
    }

    [Fact]
    public void A_budget_of_none_is_never_free()
    {
        var decision = PressureDecision.Of(new ContactLimit("0 call in 30 days", ["call"], _now.AddDays(-30), 0), [], _now);

        Assert.Equal((false, null), (decision.Allowed, decision.AllowedFrom));
        Assert.Contains("0 call in 30 days", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Budgets_hold_for_their_channels_and_stages_and_all_together_leave_the_site_out()
    {
        var policy = new ContactPolicy { Budgets = [new(["mail"], 2, 7, []), new([], 4, 7, []), new(["mail"], 1, 14, ["dissolution"])] };

        Assert.Equal(["2 mail in 7 days", "4 contacts in 7 days"], policy.LimitsFor("mail", "engagement", _now).Select(limit => limit.Name));
        Assert.Equal(3, policy.LimitsFor("mail", "dissolution", _now).Count);
        Assert.Equal("4 contacts in 7 days", Assert.Single(policy.LimitsFor("call", "", _now)).Name);
        Assert.Empty(policy.LimitsFor("web", "", _now));
        Assert.Equal(policy.ToJson(), ContactPolicy.Parse(policy.ToJson()).ToJson());
    }

    [Theory]
    [InlineData(new[] { 3 }, false)]
    [InlineData(new[] { 3, 2 }, true)]
    [InlineData(new[] { 9, 8 }, false)] // rested and back
    [InlineData(new[] { 9, 8, 1 }, false)] // shown once since
    [InlineData(new[] { 9, 8, 2, 1 }, true)] // and ignored again
    [InlineData(new[] { 9, 8, 5, 4 }, false)] // another box showed it during its rest
    public void What_was_shown_and_ignored_rests_and_comes_back(int[] shownDaysAgo, bool rests) =>
        Assert.Equal(rests, new RotationOptions { AfterShown = 2, RestDays = 5 }.Rests(shownDaysAgo.Select(day => _now.AddDays(-day)), _now));
}
