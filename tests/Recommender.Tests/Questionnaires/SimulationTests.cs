using Recommender.Interactions;
using Recommender.Models;
using Recommender.Questionnaires;
using Recommender.Tests.Models;

namespace Recommender.Tests.Questionnaires;

public sealed class SimulationTests
{
    [Fact]
    public void Asking_beats_popularity_where_tastes_differ_and_is_the_same_at_any_number_of_threads()
    {
        HeldOutPeople people = HeldOutPeople.Split(PlantedAnswers.Set(), 0.2, seed: 7);
        TrainedModel model = SmallShop.Train(people.Training, SmallShop.Recipe(factors: 8));
        SimulationResult one = ItemSimulation.Run(people, model, [1, 8], 7, threads: 1, null, CancellationToken.None);
        SimulationResult two = ItemSimulation.Run(people, model, [8, 1, 8], 7, threads: 2, null, CancellationToken.None);
        Assert.Equal((one.Popularity, one.Ceiling, one.Respondents), (two.Popularity, two.Ceiling, two.Respondents));
        for (int order = 0; order < 3; order++) Assert.Equal(one.Orders[order].Steps, two.Orders[order].Steps);
        Assert.Equal(["adaptive", "popular", "random"], one.Orders.Select(order => order.Order));
        double adaptive = one.Orders[0].Steps[1].Ndcg;
        Assert.True(adaptive > one.Popularity + 0.05, $"{adaptive} after eight questions, {one.Popularity} by popularity");
        Assert.True(one.Ceiling > adaptive);
    }

    [Fact]
    public void The_answer_that_tells_the_taste_is_asked_first_and_finds_the_items()
    {
        HeldOutPeople people = HeldOutPeople.Split(PlantedAnswers.Set(), 0.2, seed: 7);
        TrainedModel model = SmallShop.Train(people.Training, SmallShop.Recipe(factors: 8));
        ChoiceQuestion[] asking = [new("lucky", [.. PlantedAnswers.LuckyNumber], 1), new("genre", [.. PlantedAnswers.Genre], 0.5)];
        SimulationResult result = AnswerSimulation.Run(people, model, asking, [1, 2], 7, threads: 2, null, CancellationToken.None);
        double adaptive = result.Orders[0].Steps[0].Ndcg, inOrder = result.Orders[1].Steps[0].Ndcg;
        Assert.True(adaptive > inOrder + 0.05, $"{adaptive} by the telling question, {inOrder} by the other");
        Assert.Equal(result.Orders[0].Steps[1].Ndcg, result.Orders[1].Steps[1].Ndcg, 1e-9);
    }

    [Fact]
    public void Nobody_is_learned_from_who_is_asked_and_the_seed_decides_who()
    {
        TrainingSet all = SmallShop.Random(3, customers: 50);
        HeldOutPeople people = HeldOutPeople.Split(all, 0.2, seed: 1);
        Assert.Equal((10, 40), (people.Rows.Length, people.Training.People.Count));
        Assert.All(people.Rows, row => Assert.False(people.Training.People.TryGetNumber(all.People[row], out _)));
        Assert.Equal(people.Rows, HeldOutPeople.Split(all, 0.2, seed: 1).Rows);
        Assert.NotEqual(people.Rows, HeldOutPeople.Split(all, 0.2, seed: 2).Rows);
        for (int k = 0; k < people.Training.People.Count; k++)
        {
            Assert.True(all.People.TryGetNumber(people.Training.People[k], out int row));
            Assert.Equal(all.Matrix.Row(row).Columns, people.Training.Matrix.Row(k).Columns);
            Assert.Equal(all.Matrix.Row(row).Confidences, people.Training.Matrix.Row(k).Confidences);
        }
    }
}
