// SPDX-License-Identifier: Apache-2.0
// Instances a second that an embedded Camunda 7 starts, claims and completes, on an H2 file, in
// some threads. Arguments: the file, the folder of the database, the count, the threads. Prints the
// rate.
import java.io.File;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;

public final class Flow {
    private static void walk(ProcessEngine engine) {
        String id = engine.getRuntimeService().startProcessInstanceByKey("walk", Map.of("x", 21)).getId();
        String task = engine.getTaskService().createTaskQuery().processInstanceId(id).singleResult().getId();
        engine.getTaskService().claim(task, "clerk");
        engine.getTaskService().complete(task, Map.of("seen", true));
    }

    private static double rate(ProcessEngine engine, int count, int threads) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(count);
        var pool = Executors.newFixedThreadPool(threads);
        long from = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            pool.execute(() -> {
                while (left.getAndDecrement() > 0) {
                    walk(engine);
                }
            });
        }
        pool.shutdown();
        if (!pool.awaitTermination(120, TimeUnit.SECONDS)) {
            throw new IllegalStateException("too slow");
        }
        return count / ((System.nanoTime() - from) / 1e9);
    }

    public static void main(String[] args) throws Exception {
        ProcessEngine engine = ProcessEngineConfiguration.createStandaloneProcessEngineConfiguration()
            .setJdbcUrl("jdbc:h2:file:" + new File(args[1], "camunda").getAbsolutePath())
            .setJdbcDriver("org.h2.Driver").setJdbcUsername("sa").setJdbcPassword("")
            .setDatabaseSchemaUpdate(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE)
            .setJobExecutorActivate(false).buildProcessEngine();
        engine.getRepositoryService().createDeployment()
            .addInputStream("walk.bpmn", new java.io.FileInputStream(args[0])).deploy();
        int count = Integer.parseInt(args[2]);
        int threads = Integer.parseInt(args[3]);
        rate(engine, count / 2 + 1, threads); // warms up
        double rate = rate(engine, count, threads);
        long done = engine.getHistoryService().createHistoricProcessInstanceQuery().completed().count();
        if (done != count + count / 2 + 1) {
            throw new IllegalStateException(done + " instances were completed");
        }
        System.out.printf("%.1f%n", rate);
        engine.close();
        System.exit(0);
    }
}
