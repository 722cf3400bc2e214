using System.CommandLine;
using Recommender.Cli.Terminal;
using Recommender.Interactions;
using Recommender.Server.Serving;

namespace Recommender.Cli.Commands;

internal static class RecommendCommand
{
    public static Command Create()
    {
        var store = SharedOptions.Store();
        var customer = new Option<string?>("--customer") { Description = "Whom to recommend to, by the shop's id.", HelpName = "ID" };
        var visitor = new Option<string?>("--visitor") { Description = "An anonymous visitor instead.", HelpName = "ID" };
        var session = new Option<string[]>("--session") { Description = "Items being looked at now.", HelpName = "ITEM", AllowMultipleArgumentsPerToken = true };
        var scenario = new Option<string>("--scenario") { Description = "The place to recommend for.", HelpName = "ID", DefaultValueFactory = _ => "" };
        var filter = new Option<string>("--filter") { Description = "What an item must satisfy.", HelpName = "EXPR", DefaultValueFactory = _ => "" };
        var count = SharedOptions.Count(otherwise: 10);
        var json = SharedOptions.Json();
        var command = new Command("recommend", """
            Shows what somebody would be recommended, and why. Only a look: nothing is remembered of it.

            Examples:
              recommender recommend --store X --customer 314
              recommender recommend --store X --session 1 260 --count 5
              recommender recommend --store X --customer 314 --filter 'item.year < 1950'
            """)
        { store, customer, visitor, session, scenario, filter, count, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(customer) is not null && result.GetValue(visitor) is not null) result.AddError("give --customer or --visitor, not both");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var shop = await StoredShop.OpenAsync(parsed.StoreOf(store), cancellation);
            Person? person = parsed.GetValue(customer) is { } id ? Person.Customer(id) : parsed.GetValue(visitor) is { } anonymous ? Person.Visitor(anonymous) : null;
            var answer = await shop.Recommending.AnswerAsync(new RecommendQuery
            {
                Person = person,
                SessionItemIds = parsed.GetValue(session)!,
                ScenarioId = parsed.GetValue(scenario)!,
                Filter = parsed.GetValue(filter)!,
                Count = parsed.GetValue(count),
                Preview = true,
            }, cancellation);
            new AnswerView(new Screen(), answer, shop.Questionnaires.Meanings).Show(parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }
}
