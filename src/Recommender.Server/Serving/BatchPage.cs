using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Server.Profiles;

namespace Recommender.Server.Serving;

/// <summary>Some people of a batch who are answered at once, from one model, catalogue and scenario.</summary>
/// <param name="Selected">All whom the batch is for.</param>
internal sealed record BatchPage(BatchQuery Query, Scenario Scenario, Moment Now, string[] Ids, SelectedCustomers Selected)
{
    /// <summary>One each, in the order of the ids; silence takes the place of what was to be told.</summary>
    public Answer[] Answers { get; } = new Answer[Ids.Length];

    public Person PersonAt(int i) => Person.Customer(Ids[i]);

    public bool IsLeftOut(int i) => Query.LeaveOutSilent && !Answers[i].Pressure.Allowed;
}
