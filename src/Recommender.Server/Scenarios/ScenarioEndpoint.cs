using Grpc.Core;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Server.Serving;
using Scenario = Recommender.Ranking.Scenario;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Scenarios;

internal sealed class ScenarioEndpoint(Shop shop) : ScenarioService.ScenarioServiceBase
{
    public override async Task<Wire.Scenario> UpsertScenario(UpsertScenarioRequest request, ServerCallContext context)
    {
        if (request.Scenario is not { } wire) throw new RefusedException(StatusCode.InvalidArgument, "scenario is missing", [new("scenario", "is missing")]);
        var check = new RequestCheck();
        var scenario = ScenarioMapping.FromWire(wire, check);
        check.ThrowIfAny();
        var shelves = shop.Live.Now.Shelves;
        foreach (string filter in (IEnumerable<string>)[scenario.Filter, .. scenario.Stages.Values.Select(stage => stage.Filter), .. scenario.Guardrails.Select(guardrail => guardrail.Filter)])
            shelves.Where(filter, context.CancellationToken);
        for (int i = 0; i < scenario.Boosts.Length; i++) AppliedBoosts.Of(scenario.Boosts[i], shelves, $"scenario.boosts[{i}]", context.CancellationToken);

        await shop.Scenarios.UpsertAsync(scenario, context.CancellationToken);
        return ScenarioMapping.ToWire(scenario);
    }

    public override Task<Wire.Scenario> GetScenario(GetScenarioRequest request, ServerCallContext context) =>
        Task.FromResult(ScenarioMapping.ToWire(Known(request.ScenarioId)));

    public override Task<ListScenariosResponse> ListScenarios(ListScenariosRequest request, ServerCallContext context) =>
        Task.FromResult(new ListScenariosResponse { Scenarios = { shop.Scenarios.All.Select(ScenarioMapping.ToWire) } });

    public override async Task<DeleteScenarioResponse> DeleteScenario(DeleteScenarioRequest request, ServerCallContext context)
    {
        await shop.Scenarios.DeleteAsync(Known(request.ScenarioId).Id, context.CancellationToken);
        return new DeleteScenarioResponse();
    }

    private Scenario Known(string scenarioId) => shop.Scenarios.Find(scenarioId)
        ?? throw RefusedException.NotFound("scenario", scenarioId, shop.Scenarios.All.Select(scenario => scenario.Id));
}
